using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Guardrails;

/// <summary>Checks the settings of a policy; each fault names its field by its path.</summary>
internal static class GuardrailChecks
{
    /// <summary>Most types that a rule excepts.</summary>
    public const int MaxTypes = 100;

    private const int MaxTypeLength = 64;

    private const string Field = "settings";

    /// <summary>The settings as they are kept; meaningless where a fault was added.</summary>
    /// <param name="checks">Takes the faults.</param>
    /// <param name="request">The settings as sent.</param>
    public static GuardrailSettings Read(FieldChecks checks, GuardrailSettingsRequest? request)
    {
        var settings = new GuardrailSettings
        {
            Secrets = Rule(checks, GuardrailNames.Secrets, request?.Secrets),
            PersonalData = Rule(checks, GuardrailNames.PersonalData, request?.PersonalData),
            PromptInjection = Rule(checks, GuardrailNames.PromptInjection, request?.PromptInjection),
            BannedPatterns = Rule(checks, GuardrailNames.BannedPatterns, request?.BannedPatterns),
            ContentPolicy = Rule(checks, GuardrailNames.ContentPolicy, request?.ContentPolicy),
            PromptLimits = Rule(checks, GuardrailNames.PromptLimits, request?.PromptLimits),
            ExternalChecks = Rule(checks, GuardrailNames.ExternalChecks, request?.ExternalChecks),
        };
        checks.Must(GuardrailNames.All.Any(name => settings.RuleOf(name) is not null), Field, "settings names no guardrail: delete the policy to leave all of them to the next wider one.");
        return settings;
    }

    private static GuardrailRule? Rule(FieldChecks checks, string guardrail, GuardrailRuleRequest? rule)
    {
        if (rule is null) return null;
        var path = $"{Field}.{guardrail}";
        var level = checks.Choice($"{path}.level", rule.Level, GuardrailLevels.All);
        var action = Optional(checks, $"{path}.action", rule.Action, ActionsOf(guardrail));
        var isLookedAt = guardrail is not (GuardrailNames.PromptInjection or GuardrailNames.PromptLimits);
        checks.Must(isLookedAt || string.IsNullOrWhiteSpace(rule.ReplyAction), $"{path}.reply_action", $"{path}.reply_action is for other guardrails: this one looks at prompts only.");
        var reply = isLookedAt ? Optional(checks, $"{path}.reply_action", rule.ReplyAction, ActionsOf(guardrail)) : null;
        var onError = Optional(checks, $"{path}.on_error", rule.OnError, GuardrailFailPolicies.All);
        checks.Range($"{path}.time_limit_ms", rule.TimeLimitMs, 1, GuardrailRule.MaxTimeLimitMs);
        var (words, patterns) = Lists(checks, path, guardrail, level, rule);
        RuleLists.Check(checks, path, guardrail, level, rule);
        return new()
        {
            Level = level, Action = action, ReplyAction = reply, Restore = rule.Restore ?? true, OnError = onError, TimeLimitMs = rule.TimeLimitMs,
            ExceptTypes = Types(checks, $"{path}.except_types", rule.ExceptTypes), Words = words, Patterns = patterns,
            MaxCharacters = rule.MaxCharacters, MaxMessages = rule.MaxMessages, Languages = Entries(rule.Languages), DeniedLanguages = Entries(rule.DeniedLanguages), Checks = Entries(rule.Checks),
        };
    }

    private static IReadOnlyList<string> ActionsOf(string guardrail) =>
        GuardrailActions.CanMask(guardrail) ? GuardrailActions.All : [.. GuardrailActions.All.Where(action => action != GuardrailActions.Mask)];

    private static string? Optional(FieldChecks checks, string field, string? value, IReadOnlyList<string> words) =>
        string.IsNullOrWhiteSpace(value) ? null : checks.Choice(field, value, words);

    private static string[]? Types(FieldChecks checks, string field, IReadOnlyList<string>? values)
    {
        var types = Entries(values);
        if (types is null) return null;
        checks.Must(types.Length <= MaxTypes, field, $"{field} may hold at most {MaxTypes} entries.");
        checks.Must(Array.TrueForAll(types, IsType), field, $"{field} holds types of findings such as IP_ADDRESS: upper case letters, digits and _, each at most {MaxTypeLength} characters.");
        return types;
    }

    private static bool IsType(string type) =>
        type.Length is > 0 and <= MaxTypeLength && char.IsAsciiLetterUpper(type[0]) && type.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');

    private static (string[]? Words, string[]? Patterns) Lists(FieldChecks checks, string path, string guardrail, string level, GuardrailRuleRequest rule)
    {
        var (words, patterns) = (Entries(rule.Words), Entries(rule.Patterns));
        var (wordsField, patternsField) = ($"{path}.words", $"{path}.patterns");
        if (guardrail != GuardrailNames.BannedPatterns)
        {
            checks.Must(words is null, wordsField, $"{wordsField} is for {GuardrailNames.BannedPatterns} only.");
            checks.Must(patterns is null, patternsField, $"{patternsField} is for {GuardrailNames.BannedPatterns} only.");
            return (null, null);
        }
        checks.Must(words is not null || patterns is not null || level == GuardrailLevels.Off, wordsField, $"{wordsField} is required where there are no patterns: with neither, nothing would be found.");
        if ((words?.Length ?? 0) + (patterns?.Length ?? 0) > GuardrailRule.MaxPatterns)
        {
            checks.Add(words?.Length > GuardrailRule.MaxPatterns ? wordsField : patternsField, $"{path} may hold at most {GuardrailRule.MaxPatterns} words and patterns together.");
            return (words, patterns);
        }
        if (words is not null && Array.Find(words, w => w.Length > GuardrailRule.MaxPatternLength || w.Any(char.IsControl)) is not null)
            checks.Add(wordsField, $"{wordsField} holds words and phrases without control characters, each at most {GuardrailRule.MaxPatternLength} characters.");
        for (var i = 0; i < patterns?.Length; i++)
            if (BannedPattern.Fault(patterns[i]) is { } fault)
            {
                checks.Add(patternsField, $"{patternsField} is wrong in entry {i + 1}: {fault}");
                break;
            }
        return (words, patterns);
    }

    // What is blank is left out, and what stands twice stands once.
    private static string[]? Entries(IReadOnlyList<string>? values) =>
        values?.Select(v => v?.Trim() ?? "").Where(v => v.Length > 0).Distinct(StringComparer.Ordinal).ToArray() is { Length: > 0 } entries ? entries : null;
}
