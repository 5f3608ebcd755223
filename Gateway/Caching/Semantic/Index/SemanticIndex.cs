using System.Collections.Concurrent;
using AspireGateway.Gateway.Caching.Keys;

namespace AspireGateway.Gateway.Caching.Semantic.Index;

/// <summary>The scopes that this process has looked at, bounded by bytes all together: what was not of use for longest goes first and is loaded again when it is asked for.</summary>
/// <param name="mostBytes">Most that it takes, about.</param>
/// <param name="time">The clock.</param>
internal sealed class SemanticIndex(long mostBytes, TimeProvider time)
{
    private readonly ConcurrentDictionary<CacheDigest, SemanticScope> scopes = new();
    private readonly Lock gate = new();
    private long bytes;

    /// <summary>What it takes, about, in bytes.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>Rows in all scopes.</summary>
    public int Rows => scopes.Values.Sum(static scope => scope.Count);

    /// <summary>A scope, which is of use now.</summary>
    public SemanticScope Of(CacheDigest digest)
    {
        if (!scopes.TryGetValue(digest, out var scope))
        {
            var mine = new SemanticScope { UsedAt = time.GetTimestamp() };
            scope = scopes.GetOrAdd(digest, mine);
            if (ReferenceEquals(scope, mine)) Grow(mine.Bytes);
        }
        scope.UsedAt = time.GetTimestamp();
        return scope;
    }

    /// <summary>Keeps a row. A scope may have half of all room.</summary>
    public void Put(SemanticScope scope, SemanticRow row) => Grow(scope.Put(row, mostBytes / 2));

    /// <summary>Forgets a row.</summary>
    public void Remove(SemanticScope scope, SemanticRow row) => Grow(scope.Remove(row));

    private void Grow(long by)
    {
        if (Interlocked.Add(ref bytes, by) <= mostBytes) return;
        lock (gate)
        {
            if (Bytes <= mostBytes) return;
            // Counted anew: rows may have been put into a scope that was gone already.
            var left = scopes.Values.Sum(static scope => scope.Bytes);
            foreach (var (digest, scope) in scopes.ToArray().OrderBy(static pair => pair.Value.UsedAt))
            {
                // Some more than needed, so that the next one does not sort all of them again.
                if (left <= mostBytes * 3 / 4) break;
                if (scopes.TryRemove(digest, out _)) left -= scope.Bytes;
            }
            Interlocked.Exchange(ref bytes, left);
        }
    }
}
