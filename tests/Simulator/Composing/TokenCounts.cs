using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Composing;

/// <summary>
/// The token counts of an answer: reasoning is a part of completion, read from and written to the cache are parts of prompt. Protocols
/// whose numbers are disjoint subtract.
/// </summary>
internal sealed record TokenCounts(int Prompt, int CacheRead, int CacheWritten, int Completion, int Reasoning)
{
    private const int LeastReasoning = 32;
    private const int ReasoningRange = 128;

    /// <summary>The prompt's tokens that the cache has nothing to do with.</summary>
    public int FreshPrompt => Math.Max(0, Prompt - CacheRead - CacheWritten);

    /// <summary>The completion's tokens without reasoning.</summary>
    public int Spoken => Math.Max(0, Completion - Reasoning);

    /// <summary>Prompt and completion.</summary>
    public long Total => (long)Prompt + Completion;

    /// <summary>What a model spends on reasoning: its thoughts when it is asked to think, else none, unless its name starts with <c>sim-reasoning</c>.</summary>
    public static int ReasoningOf(Question question)
    {
        if (!question.ShowsThoughts && question.Model.StartsWith("sim-reasoning", StringComparison.Ordinal))
            return LeastReasoning + (int)(SimText.Hash(question.Prompt) % ReasoningRange);
        return question.ShowsThoughts || question.Thinks ? SimText.Tokens(SimText.Thought(DirectiveReader.WithoutMarkers(question.Prompt))) : 0;
    }

    public static TokenCounts Of(Question question, Directives directives, IEnumerable<Turn> turns, int reasoning)
    {
        var reported = directives.ReasoningTokens ?? reasoning;
        return new TokenCounts(
            directives.PromptTokens ?? question.PromptTokens,
            directives.CachedTokens ?? question.CacheReadTokens,
            directives.CacheWriteTokens ?? question.CacheWriteTokens,
            directives.CompletionTokens ?? turns.Sum(t => t.Tokens) + reported,
            reported);
    }
}
