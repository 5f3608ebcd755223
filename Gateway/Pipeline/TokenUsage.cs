using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Pipeline;

/// <summary>Tokens by class. The classes are disjoint, except that reasoning is a named part of the output; provider modules normalise to this.</summary>
/// <param name="Input">Input outside every cache.</param>
/// <param name="CacheRead">Input read from the provider's cache.</param>
/// <param name="CacheWrite">Input written to the provider's cache.</param>
/// <param name="Output">Output, reasoning included.</param>
/// <param name="Reasoning">The part of the output that was reasoning.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TokenUsage(long Input, long CacheRead, long CacheWrite, long Output, long Reasoning)
{
    /// <summary>All input classes together.</summary>
    public long TotalInput => Input + CacheRead + CacheWrite;
}
