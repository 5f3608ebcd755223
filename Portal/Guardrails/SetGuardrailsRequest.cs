using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Guardrails;

/// <summary>The policy of a scope; what was set on it before is replaced.</summary>
public sealed record SetGuardrailsRequest
{
    /// <summary>What it is set on: <c>organisation</c>, <c>team</c>, <c>key</c> or <c>model</c>.</summary>
    public string? ScopeKind { get; init; }

    /// <summary>Which one: a team or key by id or name, a model by name; missing for the organisation.</summary>
    public string? ScopeId { get; init; }

    /// <summary>What each guardrail does; at least one.</summary>
    public GuardrailSettingsRequest? Settings { get; init; }
}

/// <summary>What each guardrail of a scope does; missing = the next wider policy decides.</summary>
public sealed record GuardrailSettingsRequest
{
    /// <summary>Keys, tokens, passwords.</summary>
    public GuardrailRuleRequest? Secrets { get; init; }

    /// <summary>Personal data.</summary>
    public GuardrailRuleRequest? PersonalData { get; init; }

    /// <summary>Texts that try to take over the model.</summary>
    public GuardrailRuleRequest? PromptInjection { get; init; }

    /// <summary>Words and patterns of your own.</summary>
    public GuardrailRuleRequest? BannedPatterns { get; init; }

    /// <summary>Hate, self-harm and other harmful content.</summary>
    public GuardrailRuleRequest? ContentPolicy { get; init; }

    /// <summary>How large a request may be and in which languages it may speak.</summary>
    public GuardrailRuleRequest? PromptLimits { get; init; }

    /// <summary>Services outside of the gateway that look.</summary>
    public GuardrailRuleRequest? ExternalChecks { get; init; }

    /// <summary>The rule of a guardrail by its name.</summary>
    public GuardrailRuleRequest? RuleOf(string name) => name switch
    {
        GuardrailNames.Secrets => Secrets,
        GuardrailNames.PersonalData => PersonalData,
        GuardrailNames.PromptInjection => PromptInjection,
        GuardrailNames.BannedPatterns => BannedPatterns,
        GuardrailNames.ContentPolicy => ContentPolicy,
        GuardrailNames.PromptLimits => PromptLimits,
        GuardrailNames.ExternalChecks => ExternalChecks,
        _ => null,
    };

    /// <summary>Of settings that are set.</summary>
    public static GuardrailSettingsRequest Of(GuardrailSettings s) => new()
    {
        Secrets = GuardrailRuleRequest.Of(s.Secrets), PersonalData = GuardrailRuleRequest.Of(s.PersonalData), PromptInjection = GuardrailRuleRequest.Of(s.PromptInjection),
        BannedPatterns = GuardrailRuleRequest.Of(s.BannedPatterns), ContentPolicy = GuardrailRuleRequest.Of(s.ContentPolicy),
        PromptLimits = GuardrailRuleRequest.Of(s.PromptLimits), ExternalChecks = GuardrailRuleRequest.Of(s.ExternalChecks),
    };
}

/// <summary>What one guardrail does.</summary>
public sealed record GuardrailRuleRequest
{
    /// <summary><c>off</c>, <c>flag</c> (counts only), <c>standard</c> or <c>strict</c> (acts on what is possible, too).</summary>
    public string? Level { get; init; }

    /// <summary>What becomes of a prompt: <c>flag</c>, <c>mask</c> or <c>block</c>; missing = mask for secrets and personal data, else block.</summary>
    public string? Action { get; init; }

    /// <summary>What becomes of a reply: <c>flag</c>, <c>mask</c> or <c>block</c>; missing = replies are not looked at.</summary>
    public string? ReplyAction { get; init; }

    /// <summary>With <c>mask</c>: whether placeholders in the reply become what they stand for again; missing = true.</summary>
    public bool? Restore { get; init; }

    /// <summary>When the guardrail cannot say anything: <c>closed</c> (refused; the default) or <c>open</c> (let through).</summary>
    public string? OnError { get; init; }

    /// <summary>How long looking at one request may take, 1 to 5000 ms; missing = 200.</summary>
    public int? TimeLimitMs { get; init; }

    /// <summary>Types of findings that do not count, such as <c>IP_ADDRESS</c>; at most 100.</summary>
    public IReadOnlyList<string>? ExceptTypes { get; init; }

    /// <summary>Of banned patterns: words and phrases, found whatever their case.</summary>
    public IReadOnlyList<string>? Words { get; init; }

    /// <summary>Of banned patterns: regular expressions of .NET without back references and look-around.</summary>
    public IReadOnlyList<string>? Patterns { get; init; }

    /// <summary>Of limits of prompts: most characters of all texts of a request together.</summary>
    public int? MaxCharacters { get; init; }

    /// <summary>Of limits of prompts: most messages of a conversation, or entries of a list of inputs.</summary>
    public int? MaxMessages { get; init; }

    /// <summary>Of limits of prompts: the only languages that users may write, by ISO 639-1; missing = any.</summary>
    public IReadOnlyList<string>? Languages { get; init; }

    /// <summary>Of limits of prompts: languages that users may not write, by ISO 639-1.</summary>
    public IReadOnlyList<string>? DeniedLanguages { get; init; }

    /// <summary>Of external checks: names of checks that are asked; at most 8.</summary>
    public IReadOnlyList<string>? Checks { get; init; }

    /// <summary>Of a rule that is set; what is as usual is left out.</summary>
    public static GuardrailRuleRequest? Of(GuardrailRule? rule) => rule is null ? null : new()
    {
        Level = rule.Level, Action = rule.Action, ReplyAction = rule.ReplyAction, Restore = rule.Restore ? null : false, OnError = rule.OnError, TimeLimitMs = rule.TimeLimitMs,
        ExceptTypes = rule.ExceptTypes, Words = rule.Words, Patterns = rule.Patterns, MaxCharacters = rule.MaxCharacters, MaxMessages = rule.MaxMessages, Languages = rule.Languages,
        DeniedLanguages = rule.DeniedLanguages, Checks = rule.Checks,
    };
}
