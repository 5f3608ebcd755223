namespace AspireGateway.Gateway.Guardrails.Injection;

/// <summary>Scores from which on a text counts as an attack; how often they are wrong is measured in docs/guardrails.md.</summary>
internal static class InjectionThresholds
{
    /// <summary>Worth a note: up to one in twenty texts of an unfamiliar kind reaches it.</summary>
    public const double Flag = 0.35;

    /// <summary>Where little is at stake when a prompt is refused in error: catches more than <see cref="Standard"/>.</summary>
    public const double Strict = 0.5;

    /// <summary>At most one in a hundred ordinary prompts reaches it.</summary>
    public const double Standard = 0.65;
}
