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

    /// <summary>Those that look for what is harmful everywhere, so that a level of a team or a key switches them on; the others need to be told what to look for.</summary>
    public static readonly IReadOnlyList<string> OnByFloor = [PersonalData, Secrets, PromptInjection, ContentPolicy];

    /// <summary>Replies that are not in the form that was promised.</summary>
    public const string ReplyFormat = "reply_format";

    /// <summary>Replies that say what their context does not.</summary>
    public const string Groundedness = "groundedness";

    /// <summary>Replies that repeat the system prompt.</summary>
    public const string PromptLeak = "prompt_leak";

    /// <summary>Those that look at replies and at nothing else, knowing what was asked.</summary>
    public static readonly IReadOnlyList<string> ReplyChecks = [ReplyFormat, Groundedness, PromptLeak];

    /// <summary>Whether a guardrail looks at replies and at nothing else. Where its rule names no action for them it blocks.</summary>
    public static bool IsReplyCheck(string guardrail) => guardrail is ReplyFormat or Groundedness or PromptLeak;

    /// <summary>Size and languages of requests.</summary>
    public const string PromptLimits = "prompt_limits";

    /// <summary>Pictures, sounds and files.</summary>
    public const string Media = "media";

    /// <summary>What requests are about.</summary>
    public const string Topics = "topics";

    /// <summary>Services outside of the gateway that look.</summary>
    public const string ExternalChecks = "external_checks";

    /// <summary>All of them, in the order in which they look at a prompt where no policy says otherwise.</summary>
    public static IReadOnlyList<string> All { get; } = [.. GuardrailDescription.All.Select(d => d.Name)];
}
