using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Caching.Flights;
using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Caching.Policies;
using AspireGateway.Gateway.Caching.Semantic;
using AspireGateway.Gateway.Caching.Store;

namespace AspireGateway.Gateway.Caching;

/// <summary>What the cache has to do with one request.</summary>
/// <param name="terms">What its policies come to.</param>
internal sealed class CacheLookup(CacheTerms terms)
{
    /// <summary>What its policies come to.</summary>
    public CacheTerms Terms { get; } = terms;

    /// <summary>One of <see cref="CacheStatus"/>.</summary>
    public string Status { get; set; } = CacheStatus.Bypass;

    /// <summary>What makes two requests the same.</summary>
    public CacheDigest Digest { get; set; }

    /// <summary>Whether its reply may be kept.</summary>
    public bool MayKeep { get; set; }

    /// <summary>How long its reply is fresh and how old a kept one may be, in seconds: the policy's time, or the caller's shorter one.</summary>
    public int TtlSeconds { get; set; } = terms.TtlSeconds;

    /// <summary>The reply that answers it; null = none does.</summary>
    public CachedReply? Answer { get; set; }

    /// <summary>How close the question lies that the answer was made for; null = it is the same one.</summary>
    public float? Similarity { get; set; }

    /// <summary>Its question as it is compared with others; null = it is not.</summary>
    public SemanticQuestion? Question { get; set; }

    /// <summary>One that is too old and may be given when nobody is left to ask; null = there is none.</summary>
    public CachedReply? Stale { get; set; }

    /// <summary>What its reply depends on, and the epochs as they were before it was made; null = they are not known, so that it is not kept in Redis.</summary>
    public CacheDependencies? Dependencies { get; set; }

    /// <summary>The flight that it leads: others wait for its reply. Null = nobody does.</summary>
    public Flight? Leads { get; set; }

    /// <summary>Takes the reply's stream down; null = nothing does.</summary>
    public Neutral.IReplySink? Recorder { get; set; }

    /// <summary>Counts purges before it was looked for: a reply that was found before one is not kept in memory after it.</summary>
    public int Generation { get; set; }
}
