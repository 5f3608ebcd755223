using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Guardrails;

/// <summary>What annotations cannot say: settings that depend on each other, and texts that are a language of their own.</summary>
internal static class RuleBonds
{
    /// <summary>What is wrong with a rule, by setting, each to be said behind its field's name.</summary>
    public static IEnumerable<(string Setting, string Fault)> Faults(string guardrail, GuardrailRule rule)
    {
        if (RuleChecks.Entries(rule.ExceptTypes) is { } types && Array.Find(types, t => !IsType(t)) is not null)
            yield return ("except_types", "holds types of findings such as IP_ADDRESS: upper case letters, digits and _.");
        if (guardrail != GuardrailNames.BannedPatterns) yield break;
        var (words, patterns) = (RuleChecks.Entries(rule.Words), RuleChecks.Entries(rule.Patterns));
        if (words is null && patterns is null && rule.Level != GuardrailLevels.Off)
            yield return ("words", "is required where there are no patterns: with neither, nothing would be found.");
        if ((words?.Length ?? 0) + (patterns?.Length ?? 0) > GuardrailRule.MaxPatterns && words?.Length <= GuardrailRule.MaxPatterns && patterns?.Length <= GuardrailRule.MaxPatterns)
            yield return ("patterns", $"and words together may hold at most {GuardrailRule.MaxPatterns} entries.");
        for (var i = 0; i < patterns?.Length && i < GuardrailRule.MaxPatterns; i++)
        {
            if (BannedPattern.Fault(patterns[i]) is not { } fault) continue;
            yield return ("patterns", $"is wrong in entry {i + 1}: {fault}");
            yield break;
        }
    }

    private static bool IsType(string type) => char.IsAsciiLetterUpper(type[0]) && type.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');
}
