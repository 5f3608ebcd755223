using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.BannedPatterns;

/// <summary>Finds the words and patterns that a tenant forbids.</summary>
internal sealed class BannedPatternsGuardrail : IGuardrail
{
    /// <summary>Type of what a word or phrase found.</summary>
    public const string WordType = "BANNED_WORD";

    /// <summary>Type of what an expression found.</summary>
    public const string PatternType = "BANNED_PATTERN";

    /// <inheritdoc />
    public string Name => GuardrailNames.BannedPatterns;

    /// <inheritdoc />
    public bool FindsStretches => true;

    /// <inheritdoc />
    public int ReplyWindow => GuardrailRule.MaxPatternLength;

    /// <inheritdoc />
    public void Look(ReadOnlySpan<char> text, TextSource source, ActiveRule rule, FindingList findings)
    {
        foreach (var word in rule.Patterns.Words) FindWord(text, word, findings);
        foreach (var pattern in rule.Patterns.Patterns)
            foreach (var match in pattern.EnumerateMatches(text))
                if (match.Length > 0) findings.Add(new(PatternType, match.Index, match.Length, 1));
        findings.Settle();
    }

    private static void FindWord(ReadOnlySpan<char> text, string word, FindingList findings)
    {
        var from = 0;
        while (text[from..].IndexOf(word, StringComparison.OrdinalIgnoreCase) is var at and >= 0)
        {
            var start = from + at;
            var end = start + word.Length;
            // A word within another is another word; beside a sign it stands by itself.
            var begins = start == 0 || !char.IsLetterOrDigit(text[start - 1]) || !char.IsLetterOrDigit(word[0]);
            var ends = end == text.Length || !char.IsLetterOrDigit(text[end]) || !char.IsLetterOrDigit(word[^1]);
            if (begins && ends) findings.Add(new(WordType, start, word.Length, 1));
            from = start + 1;
        }
    }
}
