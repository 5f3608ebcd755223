using System.Collections.Concurrent;

namespace AspireGateway.Gateway.Caching.Prefixes;

/// <summary>
/// Which beginnings of prompts this gateway sent lately, and to whom: hashes, ids and times, never content. In two halves, the younger of which is filled while the older one is forgotten, so it
/// never holds more than its capacity. Safe for concurrent use.
/// </summary>
internal sealed class WarmPrefixes(TimeProvider time, int capacity = WarmPrefixes.Capacity)
{
    /// <summary>Beginnings that are remembered at most: some 10 MB.</summary>
    public const int Capacity = 65_536;

    private readonly Lock turning = new();
    private ConcurrentDictionary<UInt128, Warmth> young = new(), old = new();
    private int filled;

    /// <summary>Beginnings that are remembered.</summary>
    public int Count => young.Count + old.Count;

    /// <summary>Who holds a beginning, if it was sent within so many seconds.</summary>
    public bool TryFind(UInt128 hash, int seconds, out Warmth warmth) =>
        (young.TryGetValue(hash, out warmth) || old.TryGetValue(hash, out warmth)) && NowMs - warmth.AtMs < seconds * 1_000L;

    /// <summary>Notes that a beginning was sent.</summary>
    public void Note(UInt128 hash, Guid deployment, Guid credential)
    {
        var warmth = new Warmth(deployment, credential, NowMs);
        if (!young.TryAdd(hash, warmth))
        {
            young[hash] = warmth;
            return;
        }
        if (Interlocked.Increment(ref filled) >= capacity / 2) Turn();
    }

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    private void Turn()
    {
        lock (turning)
        {
            if (filled < capacity / 2) return;
            (old, young) = (young, new());
            filled = 0;
        }
    }
}
