
namespace AspireGateway.Shared.Checks;

/// <summary>What a check says.</summary>
/// <param name="Action">What shall become of the text, of <see cref="Shared.Domain.Guardrails.GuardrailActions"/>; null = the rule decides about what was found.</param>
/// <param name="Findings">What was found; a finding without a place has the whole text.</param>
/// <param name="HasPlaces">Whether the findings have places that can be masked.</param>
internal sealed record CheckAnswer(string? Action, CheckFinding[] Findings, bool HasPlaces)
{
    /// <summary>Nothing is wrong.</summary>
    public static readonly CheckAnswer Allow = new(null, [], false);
}
