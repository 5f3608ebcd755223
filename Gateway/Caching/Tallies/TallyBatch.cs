using AspireGateway.Gateway.Caching.Keys;

namespace AspireGateway.Gateway.Caching.Tallies;

/// <summary>What was counted of an organisation since the last time.</summary>
internal sealed class TallyBatch
{
    /// <summary>Replies that were given: nano-USD that they saved, and how often.</summary>
    public Dictionary<(CacheDigest Entry, string Route, string Model), (long NanoUsd, long Hits)> Entries { get; } = [];

    /// <summary>Counts of how close questions lay, by their fields.</summary>
    public Dictionary<string, long> Closest { get; } = new(StringComparer.Ordinal);
}
