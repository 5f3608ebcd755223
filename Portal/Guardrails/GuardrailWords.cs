using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Scopes;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Guardrails;

/// <summary>Guardrail policies in words.</summary>
public static class GuardrailWords
{
    /// <summary>What a guardrail looks for, as a title: "Personal data".</summary>
    public static string Title(string guardrail) => GuardrailDescription.Of(guardrail)?.Title ?? guardrail.Replace('_', ' ');

    /// <summary>What a rule does: "masked, restored in the reply; replies: blocked".</summary>
    public static string Does(string guardrail, GuardrailRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        if (rule.Level == GuardrailLevels.Off) return "not looked for";
        var isOfReplies = GuardrailNames.IsReplyCheck(guardrail);
        var parts = isOfReplies ? [] : new List<string> { InPrompts(guardrail, rule) };
        if ((rule.ReplyAction ?? (isOfReplies ? GuardrailActions.Block : null)) is { } reply) parts.Add($"in replies {(rule.Level == GuardrailLevels.Flag ? "only counted" : Done(reply))}");
        if (rule.ExceptTypes is { Length: > 0 } except) parts.Add($"except {string.Join(", ", except)}");
        if (rule.OnError == GuardrailFailPolicies.Open) parts.Add("let through where it cannot look to the end");
        return string.Join("; ", parts);
    }

    /// <summary>What a policy will do, in whole sentences.</summary>
    /// <param name="whose">Whose requests: "team Commerce".</param>
    /// <param name="kind">What it is set on.</param>
    /// <param name="settings">The settings.</param>
    public static string Sentence(string whose, string kind, GuardrailSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        string[] named = [.. GuardrailNames.All.Where(name => settings.RuleOf(name) is not null)];
        if (named.Length == 0) return "It does nothing yet: choose what at least one guardrail does.";
        var order = settings.Order is { Length: > 0 } first ? $" Looked for first: {string.Join(", ", first.Select(Title))}." : "";
        var said = string.Join(" ", named.Select(name => $"{Title(name)}: {Does(name, settings.RuleOf(name)!)}."));
        var rest = named.Length == GuardrailNames.All.Count ? "" : kind switch
        {
            GuardrailScopes.Organisation => " Nothing else is looked for, unless a team, key or model has a policy.",
            GuardrailScopes.Model => " It only makes stricter what holds for whoever asks.",
            _ => " For the other guardrails the next wider policy decides.",
        };
        return $"In requests of {whose}: {said}{order}{rest}";
    }

    /// <summary>Whose it is within a sentence: "the organisation", "model fast".</summary>
    public static string Whose(GuardrailRow policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return ScopeWords.Within(policy.ScopeKind, policy.ScopeId, policy.ScopeName);
    }

    /// <summary>An action as what was done to a text.</summary>
    public static string Done(string action) => action switch
    {
        GuardrailActions.Mask => "masked",
        GuardrailActions.Block => "blocked",
        GuardrailActions.Quarantine => "quarantined",
        GuardrailActions.Reroute => "sent to a restricted model",
        _ => "only counted",
    };

    private static string InPrompts(string guardrail, GuardrailRule rule)
    {
        var action = rule.Level == GuardrailLevels.Flag ? GuardrailActions.Flag : rule.Action ?? GuardrailActions.DefaultOf(guardrail);
        var done = Done(action);
        if (action == GuardrailActions.Mask) done += rule.Restore != false ? ", restored in the reply" : ", not restored in the reply";
        if (rule.Level == GuardrailLevels.Strict) done += ", also what is only possible";
        return guardrail switch
        {
            GuardrailNames.BannedPatterns => $"{Lists(rule)} {done}",
            GuardrailNames.PromptLimits => $"{Limits(rule)}; else {done}",
            GuardrailNames.Media => $"{Media(rule)}; else {done}",
            GuardrailNames.Topics => $"{Topics(rule)}; else {done}",
            GuardrailNames.ExternalChecks => $"{(rule.Checks is { Length: > 0 } checks ? string.Join(", ", checks) : "no checks yet")}; {done}",
            _ => done,
        };
    }

    private static string Limits(GuardrailRule rule)
    {
        string[] parts =
        [
            rule.MaxCharacters is { } characters ? $"up to {Quantity.Exact(characters)} characters" : "", rule.MaxMessages is { } messages ? $"up to {Count(messages, "message")}" : "",
            rule.Languages is { Length: > 0 } only ? $"only in {string.Join(", ", only)}" : "", rule.DeniedLanguages is { Length: > 0 } denied ? $"not in {string.Join(", ", denied)}" : "",
        ];
        return parts.Any(p => p.Length > 0) ? string.Join(", ", parts.Where(p => p.Length > 0)) : "no limits yet";
    }

    private static string Media(GuardrailRule rule)
    {
        string[] parts =
        [
            rule.MaxMedia is { } most ? most == 0 ? "none" : $"up to {Quantity.Exact(most)}" : "", rule.MaxMediaKb is { } size ? $"each up to {Quantity.Exact(size)} KB" : "",
            rule.MaxPixels is { } pixels ? $"up to {Count(pixels, "pixel")}" : "", rule.MediaTypes is { Length: > 0 } types ? $"only {string.Join(", ", types)}" : "",
            rule.AllowRemote == false ? "no addresses" : "", rule.MediaLocation switch { MediaLocations.Strip => "places taken out", MediaLocations.Find => "without places", _ => "" },
        ];
        return parts.Any(p => p.Length > 0) ? string.Join(", ", parts.Where(p => p.Length > 0)) : "what they say they are";
    }

    private static string Topics(GuardrailRule rule)
    {
        string[] parts = [rule.AllowedTopics is { Length: > 0 } only ? $"only {string.Join(", ", only)}" : "", rule.DeniedTopics is { Length: > 0 } denied ? $"not {string.Join(", ", denied)}" : ""];
        return parts.Any(p => p.Length > 0) ? string.Join(", ", parts.Where(p => p.Length > 0)) : "no topics yet";
    }

    private static string Lists(GuardrailRule rule)
    {
        var (words, patterns) = (rule.Words?.Length ?? 0, rule.Patterns?.Length ?? 0);
        string[] parts = [.. ((string[])[words == 0 ? "" : Count(words, "word"), patterns == 0 ? "" : Count(patterns, "pattern")]).Where(p => p.Length > 0)];
        return parts.Length == 0 ? "no words yet," : string.Join(" and ", parts);
    }

    private static string Count(int count, string what) => count == 1 ? $"1 {what}" : $"{Quantity.Exact(count)} {what}s";
}
