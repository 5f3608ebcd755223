using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Domain.Guardrails;

/// <summary>What each guardrail of a scope does; null = the next wider scope decides.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GuardrailSettings
{
    /// <summary>Keys, tokens, passwords.</summary>
    public GuardrailRule? Secrets { get; init; }

    /// <summary>Personal data.</summary>
    public GuardrailRule? PersonalData { get; init; }

    /// <summary>Texts that try to take over the model.</summary>
    public GuardrailRule? PromptInjection { get; init; }

    /// <summary>Words and patterns that the tenant forbids.</summary>
    public GuardrailRule? BannedPatterns { get; init; }

    /// <summary>Hate, self-harm and other harmful content.</summary>
    public GuardrailRule? ContentPolicy { get; init; }

    /// <summary>How large a request may be and in which languages it may speak.</summary>
    public GuardrailRule? PromptLimits { get; init; }

    /// <summary>Services outside of the gateway that look.</summary>
    public GuardrailRule? ExternalChecks { get; init; }

    /// <summary>The rule of a guardrail by its name of <see cref="GuardrailNames"/>.</summary>
    public GuardrailRule? RuleOf(string name) => name switch
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
}

/// <summary>Names of the guardrails, as policies, records, headers and metrics have them.</summary>
public static class GuardrailNames
{
    /// <summary>Personal data.</summary>
    public const string PersonalData = "personal_data";

    /// <summary>Keys, tokens, passwords.</summary>
    public const string Secrets = "secrets";

    /// <summary>Texts that try to take over the model.</summary>
    public const string PromptInjection = "prompt_injection";

    /// <summary>Words and patterns that the tenant forbids.</summary>
    public const string BannedPatterns = "banned_patterns";

    /// <summary>Harmful content.</summary>
    public const string ContentPolicy = "content_policy";

    /// <summary>Size and languages of requests.</summary>
    public const string PromptLimits = "prompt_limits";

    /// <summary>Services outside of the gateway that look.</summary>
    public const string ExternalChecks = "external_checks";

    /// <summary>All of them, in the order in which they look at a prompt.</summary>
    public static readonly IReadOnlyList<string> All = [PromptLimits, PersonalData, Secrets, PromptInjection, BannedPatterns, ContentPolicy, ExternalChecks];
}
