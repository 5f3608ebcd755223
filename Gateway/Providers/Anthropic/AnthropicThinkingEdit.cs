using System.Text.Json;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Anthropic;

/// <summary>Keeps a caller's budget for thinking below a cap that the gateway lowered: the API refuses one that is not (Anthropic, "Extended thinking").</summary>
internal static class AnthropicThinkingEdit
{
    private static readonly byte[] Disabled = """{"type":"disabled"}"""u8.ToArray();

    /// <summary>Adds the edit, if one is needed; thinking that has no room left is named in <paramref name="dropped"/>.</summary>
    public static void Add(RequestFacts request, long cap, List<BodyEdit> edits, DroppedFields dropped)
    {
        // Few bodies name it, and a search is quicker than a parse.
        var body = request.Body.Span;
        if (body.IndexOf("budget_tokens"u8) < 0) return;
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isThinking = reader.ValueTextEquals("thinking"u8);
            reader.Read();
            if (isThinking && reader.TokenType == JsonTokenType.StartObject) Lower(ref reader, cap, edits, dropped);
            else reader.Skip();
        }
    }

    private static void Lower(ref Utf8JsonReader reader, long cap, List<BodyEdit> edits, DroppedFields dropped)
    {
        var start = (int)reader.TokenStartIndex;
        var (budgetStart, budgetEnd, budget) = (0, 0, 0L);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isBudget = reader.ValueTextEquals("budget_tokens"u8);
            reader.Read();
            if (isBudget && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out budget))
                (budgetStart, budgetEnd) = ((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
            reader.Skip();
        }
        if (budgetEnd == 0 || budget < cap) return;
        if (cap > AnthropicThinking.LeastBudget)
        {
            // Half of it is left to the answer, as where the gateway writes the body.
            edits.Add(new BodyEdit(budgetStart, budgetEnd, BodyEdits.Number(Math.Max(AnthropicThinking.LeastBudget, cap / 2))));
            return;
        }
        dropped.Add("thinking");
        edits.Add(new BodyEdit(start, (int)reader.BytesConsumed, Disabled));
    }
}
