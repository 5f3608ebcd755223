using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Shared.Domain.Routing;
using AspireGateway.Shared.Schemas;

namespace AspireGateway.Gateway.Routing.Cascades;

/// <summary>Scores an answer by what can be told without asking anybody. Pure.</summary>
internal static class QualityGate
{
    /// <summary>A word of the verdict for an answer of a judge.</summary>
    public const string Judge = "judge";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Looks at every choice; the worst counts. The checks come in the order of <see cref="CascadeChecks.All"/>, and the first that gives the least score is named.</summary>
    /// <param name="reply">The whole answer.</param>
    /// <param name="format">The form that the request asks for; null = text.</param>
    /// <param name="cascade">What is looked at.</param>
    public static GateVerdict Score(ChatReply reply, ResponseFormat? format, CascadeSettings cascade)
    {
        if (reply.Choices.Count == 0) return cascade.Looks(CascadeChecks.Length) ? new(0, CascadeChecks.Length, "no answer") : GateVerdict.Good;
        var verdict = GateVerdict.Good;
        foreach (var choice in reply.Choices) verdict = verdict.Or(Score(choice, format, cascade));
        return verdict;
    }

    private static GateVerdict Score(ReplyChoice choice, ResponseFormat? format, CascadeSettings cascade)
    {
        if (cascade.Looks(CascadeChecks.FinishReason) && CutBy(choice.FinishReason) is { } cut) return new(0, CascadeChecks.FinishReason, cut);
        var text = TextOf(choice);
        var calls = choice.Parts.Exists(static part => part.Kind == PartKind.ToolCall);
        if (cascade.Looks(CascadeChecks.Refusal))
        {
            if (choice.FinishReason == FinishReason.Refusal || choice.Parts.Exists(static part => part.Kind == PartKind.Refusal)) return new(0, CascadeChecks.Refusal, "said by the provider");
            if (!calls && RefusalWords.Opens(text)) return new(0, CascadeChecks.Refusal, "in its first words");
        }
        // Who calls tools has not answered yet: neither length nor form can be asked for.
        if (!calls && cascade.Looks(CascadeChecks.Length))
        {
            var characters = 0;
            foreach (var _ in text.AsSpan().Trim().EnumerateRunes()) characters++;
            if (characters < (cascade.MinCharacters ?? 1)) return new(0, CascadeChecks.Length, $"{characters} characters");
        }
        if (!calls && format is not null && cascade.Looks(CascadeChecks.Schema) && Mismatch(text, format) is { } mismatch) return new(0, CascadeChecks.Schema, mismatch);
        return cascade.Looks(CascadeChecks.Logprobs) && Certainty(choice) is { } certainty ? new GateVerdict(1).Or(new(certainty, CascadeChecks.Logprobs, "mean probability of its tokens")) : GateVerdict.Good;
    }

    /// <summary>The words of a choice.</summary>
    public static string TextOf(ReplyChoice choice)
    {
        var parts = choice.Parts.FindAll(static part => part.Kind == PartKind.Text);
        return parts.Count == 1 ? parts[0].Text.ToString() : string.Concat(parts.Select(static part => part.Text.ToString()));
    }

    private static string? CutBy(FinishReason? reason) => reason switch
    {
        FinishReason.Length => "cut at its cap",
        FinishReason.ContentFilter => "cut by a filter",
        _ => null,
    };

    private static string? Mismatch(string text, ResponseFormat format)
    {
        try
        {
            using var answer = JsonDocument.Parse(text, Strict);
            if (answer.RootElement.ValueKind != JsonValueKind.Object && !format.Schema.IsPresent) return "no JSON object";
            if (!format.Schema.IsPresent) return null;
            using var schema = JsonDocument.Parse(format.Schema.Bytes);
            return JsonSchema.Read(schema.RootElement).Allows(answer.RootElement) ? null : "not by the schema";
        }
        catch (JsonException)
        {
            return "no JSON";
        }
        catch (SchemaFaultException)
        {
            // Nobody here knows what the schema means: no reason to throw an answer away.
            return null;
        }
    }

    /// <summary>The geometric mean of the tokens' probabilities, exp of the mean log probability; null = none were told.</summary>
    private static double? Certainty(ReplyChoice choice)
    {
        var (sum, count) = (0.0, 0);
        foreach (var part in choice.Parts)
            if (part.Logprobs is { Elements.IsEmpty: false } list) Add(list.Elements, ref sum, ref count);
        return count == 0 ? null : Math.Clamp(Math.Exp(sum / count), 0, 1);
    }

    // Elements of an array without its brackets: those of the answer's own tokens stand at the first level.
    private static void Add(ReadOnlySpan<byte> elements, ref double sum, ref int count)
    {
        while (!elements.IsEmpty)
        {
            var reader = new Utf8JsonReader(elements);
            if (!reader.Read()) return;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                var isLogprob = reader.ValueTextEquals("logprob"u8);
                reader.Read();
                if (isLogprob && reader.TokenType == JsonTokenType.Number)
                {
                    sum += reader.GetDouble();
                    count++;
                }
                else
                {
                    reader.Skip();
                }
            }
            elements = elements[(int)reader.BytesConsumed..].TrimStart((byte)',');
        }
    }
}
