using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Ingress;

/// <summary>Who asks.</summary>
/// <param name="Key">The virtual key.</param>
/// <param name="Team">Its team.</param>
/// <param name="Organisation">Who pays.</param>
internal sealed record Caller(VirtualKeySnapshot Key, TeamSnapshot Team, OrganisationSnapshot Organisation)
{
    /// <summary>The least that guardrails do for the requests: the stricter of what key and team say; null = what policies say.</summary>
    public string? GuardrailFloor => GuardrailLevels.Stricter(Team.GuardrailLevel, Key.GuardrailLevel);
}
