using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Routing.Cascades;

/// <summary>What the gate says of an answer.</summary>
/// <param name="Score">From 0 to 1: the least of what was looked at.</param>
/// <param name="Check">What gave that score; null = nothing was amiss.</param>
/// <param name="Detail">More about it in a few words, nothing of the answer; null = nothing.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GateVerdict(double Score, string? Check = null, string? Detail = null)
{
    /// <summary>Nothing is amiss.</summary>
    public static readonly GateVerdict Good = new(1);

    /// <summary>The worse of two; of the same, the first.</summary>
    public GateVerdict Or(in GateVerdict other) => other.Score < Score ? other : this;
}
