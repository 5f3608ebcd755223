using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Caching.Semantic.Index;
using AspireGateway.Shared.Caching;

namespace AspireGateway.Gateway.Caching.Store;

/// <summary>A reply on its way to the store.</summary>
/// <param name="Keys">The organisation's keys.</param>
/// <param name="Digest">The question.</param>
/// <param name="Reply">The reply.</param>
/// <param name="Dependencies">What it depends on.</param>
/// <param name="LifeSeconds">How long it stays.</param>
internal sealed record PendingEntry(CacheKeys Keys, CacheDigest Digest, CachedReply Reply, CacheDependencies Dependencies, long LifeSeconds)
{
    /// <summary>How similar questions find it; null = only the same one does.</summary>
    public SemanticRow? Row { get; init; }

    /// <summary>The scope of the row.</summary>
    public CacheDigest Scope { get; init; }

    /// <summary>What it takes while it waits, about, in bytes.</summary>
    public int Bytes => Reply.Bytes + (Row?.Bytes ?? 0);
}
