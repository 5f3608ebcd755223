using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Ingress.OpenAi;

/// <summary>Reads how much the model shall think, in the words of OpenAI (<c>reasoning_effort</c>), of OpenRouter and Responses (<c>reasoning</c>), and of vendors (<c>thinking</c>).</summary>
internal static class ReasoningReader
{
    /// <summary>Reads OpenAI's word.</summary>
    public static void ReadEffort(ref BodyCursor at, ChatRequest request)
    {
        if (at.Word() is not { } effort) return;
        var isOff = effort == "none";
        request.Reasoning = (request.Reasoning ?? new()) with { Effort = effort, Enabled = isOff ? false : request.Reasoning?.Enabled };
    }

    /// <summary>Reads a <c>reasoning</c> object: effort, max_tokens, enabled, exclude, summary.</summary>
    public static void ReadObject(ref BodyCursor at, ChatRequest request)
    {
        if (!at.EnterObject()) return;
        request.Reasoning ??= new();
        while (at.NextField())
        {
            if (at.Is("effort"u8)) ReadEffort(ref at, request);
            else if (at.Is("max_tokens"u8)) request.Reasoning = request.Reasoning with { BudgetTokens = at.Integer(0) ?? request.Reasoning.BudgetTokens };
            else if (at.Is("enabled"u8)) request.Reasoning = request.Reasoning with { Enabled = at.Flag() ?? request.Reasoning.Enabled };
            else if (at.Is("exclude"u8)) request.Reasoning = request.Reasoning with { IncludeThoughts = at.Flag() is { } exclude ? !exclude : request.Reasoning.IncludeThoughts };
            else if ((at.Is("summary"u8) || at.Is("generate_summary"u8)) && !at.IsNull) request.Reasoning = request.Reasoning with { IncludeThoughts = at.Word() is not null };
            else at.Unmapped(request);
        }
        if (request.Reasoning == new ReasoningOptions()) request.Reasoning = null;
    }

    /// <summary>Reads a <c>thinking</c> object: type, budget_tokens.</summary>
    public static void ReadThinking(ref BodyCursor at, ChatRequest request)
    {
        if (!at.EnterObject()) return;
        var reasoning = request.Reasoning ?? new();
        while (at.NextField())
        {
            if (at.Is("type"u8)) reasoning = reasoning with { Enabled = at.Word() != "disabled" };
            else if (at.Is("budget_tokens"u8)) reasoning = reasoning with { BudgetTokens = at.Integer(0) };
            else at.Unmapped(request);
        }
        request.Reasoning = reasoning;
    }
}
