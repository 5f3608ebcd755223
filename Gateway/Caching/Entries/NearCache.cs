using System.Collections.Concurrent;
using AspireGateway.Gateway.Caching.Keys;

namespace AspireGateway.Gateway.Caching.Entries;

/// <summary>
/// Replies in this process's own memory, for questions that come again at once. Bounded by bytes: what was used since the last change of halves outlives it, the rest
/// goes. Emptied by every purge, and for the time that a purge is not heard of bounded by age.
/// </summary>
/// <param name="mostBytes">Most that it takes, about; 0 = it keeps nothing.</param>
/// <param name="keptFor">How long it gives a reply without asking the store again.</param>
/// <param name="time">The clock.</param>
internal sealed class NearCache(long mostBytes, TimeSpan keptFor, TimeProvider time)
{
    private readonly Lock gate = new();
    private volatile ConcurrentDictionary<CacheDigest, Held> young = new(), old = new();
    private volatile int generation;
    private long youngBytes;

    /// <summary>Grows with each purge.</summary>
    public int Generation => generation;

    /// <summary>Bytes that the younger half takes, about.</summary>
    public long YoungBytes => Interlocked.Read(ref youngBytes);

    /// <summary>A reply that is here; null = it is not.</summary>
    public CachedReply? Find(CacheDigest digest)
    {
        if (young.TryGetValue(digest, out var held)) return IsTooOld(held) ? null : held.Reply;
        if (!old.TryGetValue(digest, out held) || IsTooOld(held)) return null;
        Put(digest, held);
        return held.Reply;
    }

    /// <summary>Keeps a reply.</summary>
    /// <param name="digest">Whose question.</param>
    /// <param name="reply">The reply.</param>
    /// <param name="asOf">The <see cref="Generation"/> before it was looked for or made: after a purge it is not kept.</param>
    public void Add(CacheDigest digest, CachedReply reply, int asOf)
    {
        if (asOf == generation && reply.Bytes <= mostBytes / 4) Put(digest, new Held(reply, time.GetTimestamp()));
        // A purge that came between the look and the addition has found nothing to take out.
        if (asOf != generation) young.TryRemove(digest, out _);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (gate)
        {
            generation++;
            (young, old) = (new(), new());
            Interlocked.Exchange(ref youngBytes, 0);
        }
    }

    private void Put(CacheDigest digest, Held held)
    {
        young[digest] = held;
        if (Interlocked.Add(ref youngBytes, held.Reply.Bytes) <= mostBytes / 2) return;
        lock (gate)
        {
            if (YoungBytes <= mostBytes / 2) return;
            (old, young) = (young, new());
            Interlocked.Exchange(ref youngBytes, 0);
        }
    }

    private bool IsTooOld(Held held) => time.GetElapsedTime(held.Since) > keptFor;

    private sealed record Held(CachedReply Reply, long Since);
}
