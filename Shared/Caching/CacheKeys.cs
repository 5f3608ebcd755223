namespace AspireGateway.Shared.Caching;

/// <summary>
/// Names of the cache's keys in Redis (logical store <c>cache-data</c>). All keys of an organisation share one hash tag, so that one script may touch them on
/// Redis Cluster.
/// </summary>
/// <param name="Organisation">Whose.</param>
public readonly record struct CacheKeys(Guid Organisation)
{
    /// <summary>A number that grows with each purge, whosesoever: gateways that see a new one forget what they keep in their own memory.</summary>
    public const string PurgeNumber = "agw:cache:purges";

    /// <summary>What the keys of entries begin with; behind it stand the 64 hexadecimal digits of the entry's digest.</summary>
    public string EntryPrefix => $"agw:cache:{{{Organisation:N}}}:e:";

    /// <summary>Hash of epochs: field = what was purged (<see cref="CachePurge"/>), value = how often. An entry that was made in another epoch of anything that it depends on is none.</summary>
    public string Epochs => $"agw:cache:{{{Organisation:N}}}:p";

    /// <summary>Sorted set of entries: member = the digest, score = when it goes, in milliseconds since 1970.</summary>
    public string Expiries => $"agw:cache:{{{Organisation:N}}}:x";

    /// <summary>Hash of sizes: field = the digest, value = bytes; <c>total</c> = their sum; <c>s</c> and the digest = the semantic scope that it can be found in.</summary>
    public string Sizes => $"agw:cache:{{{Organisation:N}}}:s";

    /// <summary>What the keys of sorted sets of a semantic scope's rows begin with, behind it the scope's digest: member = the entry's digest, score = their order. The row stands in the entry.</summary>
    public string RowOrder => $"agw:cache:{{{Organisation:N}}}:n:";

    /// <summary>The same rows by their uses.</summary>
    public string RowUses => $"agw:cache:{{{Organisation:N}}}:u:";
}
