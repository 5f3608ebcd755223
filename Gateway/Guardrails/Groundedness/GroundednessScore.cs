using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Guardrails.Groundedness;

/// <summary>How much of a reply its context supports.</summary>
/// <param name="Claims">Sentences that say something which can be looked up.</param>
/// <param name="Supported">Those of them that the context supports.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GroundednessScore(int Claims, int Supported)
{
    /// <summary>The share of its claims that is supported, from 0 to 1; 1 when it claims nothing.</summary>
    public double Share => Claims == 0 ? 1 : (double)Supported / Claims;
}
