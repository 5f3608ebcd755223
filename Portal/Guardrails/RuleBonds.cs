using System.Globalization;
using System.Text.Json;
using AspireGateway.Shared.Domain.Guardrails;
using AspireGateway.Shared.Schemas;

namespace AspireGateway.Portal.Guardrails;

/// <summary>What annotations cannot say: settings that depend on each other, and texts that are a language of their own.</summary>
internal static class RuleBonds
{
    /// <summary>What is wrong with a rule, by setting, each to be said behind its field's name.</summary>
    public static IEnumerable<(string Setting, string Fault)> Faults(string guardrail, GuardrailRule rule)
    {
        if (RuleChecks.Entries(rule.ExceptTypes) is { } types && Array.Find(types, t => !IsType(t)) is not null)
            yield return ("except_types", "holds types of findings such as IP_ADDRESS: upper case letters, digits and _.");
        if (RuleChecks.Plain(rule.RestrictedModel) is string model && model.Any(c => char.IsWhiteSpace(c) || c == '*'))
            yield return ("restricted_model", "is one model's name, without blanks or *.");
        if (rule is { Action: GuardrailActions.Reroute, Level: GuardrailLevels.Standard or GuardrailLevels.Strict } && string.IsNullOrWhiteSpace(rule.RestrictedModel))
            yield return ("restricted_model", "is required with action reroute: the model that such requests go to.");
        if (guardrail == GuardrailNames.ReplyFormat)
        {
            if (!string.IsNullOrWhiteSpace(rule.Schema) && SchemaFault(rule.Schema) is { } wrong) yield return ("schema", wrong);
            if (RuleChecks.Entries(rule.OnInvalid) is { } steps && Array.IndexOf(steps, InvalidReplySteps.Error) is >= 0 and var last && last < steps.Length - 1)
                yield return ("on_invalid", "goes on behind error, which is the end.");
        }
        if (guardrail == GuardrailNames.PromptLimits)
        {
            const string Codes = "holds codes of ISO 639-1 that the gateway can tell apart: ";
            if (RuleChecks.Entries(rule.Languages) is { } only && Array.Find(only, IsNoLanguage) is not null) yield return ("languages", Codes + string.Join(", ", LanguageCodes.All) + ".");
            if (RuleChecks.Entries(rule.DeniedLanguages) is { } denied && Array.Find(denied, IsNoLanguage) is not null) yield return ("denied_languages", Codes + string.Join(", ", LanguageCodes.All) + ".");
            if (rule is { MaxCharacters: null, MaxMessages: null } && RuleChecks.Entries(rule.Languages) is null && RuleChecks.Entries(rule.DeniedLanguages) is null && rule.Level != GuardrailLevels.Off)
                yield return ("max_characters", "is required where there is no other limit: with none, nothing would be found.");
        }
        if (guardrail == GuardrailNames.Media && RuleChecks.Entries(rule.MediaTypes) is { } media && Array.Find(media, t => !MediaTypes.IsKnown(t)) is not null)
            yield return ("media_types", $"holds types that the gateway tells by a file's bytes: {string.Join(", ", MediaTypes.Families.Concat(MediaTypes.All))}.");
        if (guardrail == GuardrailNames.Topics)
        {
            var own = RuleChecks.Entries(rule.OwnTopics) ?? [];
            if (own.Select(OwnTopic.Fault).FirstOrDefault(fault => fault is not null) is { } wrong) yield return ("own_topics", wrong);
            string[] known = [.. TopicNames.BuiltIn, .. own.Select(OwnTopic.Read).OfType<OwnTopic>().Select(topic => topic.Name)];
            if (own.Length > 0 && known.Distinct(StringComparer.Ordinal).Count() < known.Length) yield return ("own_topics", "names a topic twice.");
            foreach (var (setting, topics) in new[] { ("denied_topics", RuleChecks.Entries(rule.DeniedTopics)), ("allowed_topics", RuleChecks.Entries(rule.AllowedTopics)) })
                if (topics is not null && Array.Find(topics, topic => !known.Contains(topic, StringComparer.Ordinal)) is { } unknown)
                    yield return (setting, $"names '{unknown}', which is neither one of {string.Join(", ", TopicNames.BuiltIn)} nor a topic of your own.");
            if (RuleChecks.Entries(rule.DeniedTopics) is null && RuleChecks.Entries(rule.AllowedTopics) is null && rule.Level != GuardrailLevels.Off)
                yield return ("denied_topics", "is required where there are no allowed topics: with neither, nothing would be found.");
        }
        if (guardrail == GuardrailNames.ExternalChecks && RuleChecks.Entries(rule.Checks) is null && rule.Level != GuardrailLevels.Off)
            yield return ("checks", "is required: it names the checks that are asked.");
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

    private static string? SchemaFault(string text)
    {
        try
        {
            using var schema = JsonDocument.Parse(text);
            JsonSchema.Read(schema.RootElement);
            return null;
        }
        catch (JsonException fault)
        {
            return string.Create(CultureInfo.InvariantCulture, $"is no JSON: it breaks off at line {(fault.LineNumber ?? 0) + 1}.");
        }
        catch (SchemaFaultException fault)
        {
            return $"cannot be read: {fault.Message}";
        }
    }

    private static bool IsNoLanguage(string code) => !LanguageCodes.All.Contains(code, StringComparer.Ordinal);

    private static bool IsType(string type) => char.IsAsciiLetterUpper(type[0]) && type.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');
}
