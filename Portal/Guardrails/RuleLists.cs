using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Guardrails;

/// <summary>Checks the fields of a rule that belong to one guardrail only: limits of prompts, names of checks.</summary>
internal static class RuleLists
{
    /// <summary>Adds what is wrong.</summary>
    /// <param name="checks">Takes the faults.</param>
    /// <param name="path">Where the rule stands.</param>
    /// <param name="guardrail">Whose rule it is.</param>
    /// <param name="level">How strict it is.</param>
    /// <param name="rule">The rule as sent.</param>
    public static void Check(FieldChecks checks, string path, string guardrail, string level, GuardrailRuleRequest rule)
    {
        var (limits, outside) = (guardrail == GuardrailNames.PromptLimits, guardrail == GuardrailNames.ExternalChecks);
        Only(checks, limits || rule.MaxCharacters is null, $"{path}.max_characters", GuardrailNames.PromptLimits);
        Only(checks, limits || rule.MaxMessages is null, $"{path}.max_messages", GuardrailNames.PromptLimits);
        Only(checks, limits || rule.Languages is not { Count: > 0 }, $"{path}.languages", GuardrailNames.PromptLimits);
        Only(checks, limits || rule.DeniedLanguages is not { Count: > 0 }, $"{path}.denied_languages", GuardrailNames.PromptLimits);
        Only(checks, outside || rule.Checks is not { Count: > 0 }, $"{path}.checks", GuardrailNames.ExternalChecks);
        checks.Range($"{path}.max_characters", rule.MaxCharacters, 1, int.MaxValue);
        checks.Range($"{path}.max_messages", rule.MaxMessages, 1, int.MaxValue);
        Languages(checks, $"{path}.languages", rule.Languages);
        Languages(checks, $"{path}.denied_languages", rule.DeniedLanguages);
        if (level == GuardrailLevels.Off) return;
        var limitsNothing = rule.MaxCharacters is null && rule.MaxMessages is null && rule.Languages is not { Count: > 0 } && rule.DeniedLanguages is not { Count: > 0 };
        checks.Must(!limits || !limitsNothing, $"{path}.max_characters", $"{path} limits nothing: set max_characters, max_messages, languages or denied_languages.");
        checks.Must(!outside || rule.Checks is { Count: > 0 }, $"{path}.checks", $"{path}.checks is required: it names the checks that are asked.");
        checks.Must(rule.Checks is null || rule.Checks.Count <= GuardrailCheck.MaxOfRule, $"{path}.checks", $"{path}.checks may name at most {GuardrailCheck.MaxOfRule} checks.");
    }

    private static void Only(FieldChecks checks, bool holds, string field, string guardrail) => checks.Must(holds, field, $"{field} is for {guardrail} only.");

    private static void Languages(FieldChecks checks, string field, IReadOnlyList<string>? codes) =>
        checks.Must(codes is null || codes.All(code => LanguageCodes.All.Contains(code, StringComparer.Ordinal)), field, $"{field} holds codes of ISO 639-1 that the gateway can tell apart: {string.Join(", ", LanguageCodes.All)}.");
}
