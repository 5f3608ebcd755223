namespace AspireGateway.Shared.Domain.Guardrails;

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

    /// <summary>All of them, in the order in which they look at a prompt where no policy says otherwise.</summary>
    public static IReadOnlyList<string> All { get; } = [.. GuardrailDescription.All.Select(d => d.Name)];
}
