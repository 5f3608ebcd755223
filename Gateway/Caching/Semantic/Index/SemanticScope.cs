using System.Numerics.Tensors;
using AspireGateway.Gateway.Caching.Keys;

namespace AspireGateway.Gateway.Caching.Semantic.Index;

/// <summary>
/// The questions of one scope in this process. Who looks takes no lock: each place holds a whole row or nothing, so whatever moves meanwhile is seen as it was or as it is. When
/// there is no room the row that answered least goes, of equals the oldest.
/// </summary>
internal sealed class SemanticScope
{
    /// <summary>Most rows of a scope, here and in the store.</summary>
    public const int MostRows = 10_000;

    private const int Overhead = 600;

    private readonly Lock gate = new();
    private readonly Dictionary<CacheDigest, int> places = [];
    private volatile SemanticRow?[] rows = new SemanticRow?[16];
    private int count, isAsking;
    private long bytes = Overhead, place;

    /// <summary>Rows that it holds.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>What it takes in memory, about, in bytes.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    /// <summary>Up to where the store's rows are here, in the store's words.</summary>
    public string Cursor { get; set; } = "0";

    /// <summary>When the store was asked last, as a timestamp; null = never.</summary>
    public long? AskedAt { get; set; }

    /// <summary>When it was last of use, as a timestamp.</summary>
    public long UsedAt { get; set; }

    /// <summary>Takes the right to ask the store, which one has at a time; false = somebody asks already.</summary>
    public bool TryAsk() => Interlocked.Exchange(ref isAsking, 1) == 0;

    /// <summary>Gives it back.</summary>
    public void EndAsking() => Volatile.Write(ref isAsking, 0);

    /// <summary>Finds the closest rows, the closest first.</summary>
    /// <param name="vector">The question's vector, of unit length.</param>
    /// <param name="least">How close they must lie.</param>
    /// <param name="best">Gets them.</param>
    /// <returns>How many there are.</returns>
    public int Find(ReadOnlySpan<float> vector, float least, Span<SemanticMatch> best)
    {
        // The array before the count: a longer one has at least what the count says.
        var (until, mine, found) = (Count, rows, 0);
        foreach (var row in mine.AsSpan(0, Math.Min(until, mine.Length)))
        {
            if (row is null || row.Vector.Length != vector.Length) continue;
            var similarity = TensorPrimitives.Dot<float>(vector, row.Vector);
            if (!(similarity >= least) || (found == best.Length && similarity <= best[^1].Similarity)) continue;
            var at = found < best.Length ? found++ : best.Length - 1;
            for (; at > 0 && best[at - 1].Similarity < similarity; at--) best[at] = best[at - 1];
            best[at] = new(row, similarity);
        }
        return found;
    }

    /// <summary>Keeps a row, in the place of one of the same digest.</summary>
    /// <param name="row">The row.</param>
    /// <param name="mostBytes">Most that the scope may take.</param>
    /// <returns>By how much it has grown, in bytes.</returns>
    public long Put(SemanticRow row, long mostBytes)
    {
        lock (gate)
        {
            var before = bytes;
            row.Place = ++place;
            if (places.TryGetValue(row.Digest, out var at))
            {
                bytes += row.Bytes - rows[at]!.Bytes;
                rows[at] = row;
                return bytes - before;
            }
            while (count > 0 && (count >= MostRows || bytes + row.Bytes > mostBytes)) Take(LeastUsed());
            if (count == rows.Length)
            {
                var longer = new SemanticRow?[Math.Min(MostRows, rows.Length * 2)];
                rows.AsSpan().CopyTo(longer);
                rows = longer;
            }
            rows[count] = row;
            places[row.Digest] = count;
            Volatile.Write(ref count, count + 1);
            bytes += row.Bytes;
            return bytes - before;
        }
    }

    /// <summary>Forgets a row.</summary>
    /// <returns>By how much it has grown, in bytes; at most 0.</returns>
    public long Remove(SemanticRow row)
    {
        lock (gate)
        {
            if (!places.TryGetValue(row.Digest, out var at) || !ReferenceEquals(rows[at], row)) return 0;
            Take(at);
            return -row.Bytes;
        }
    }

    private void Take(int at)
    {
        var row = rows[at]!;
        places.Remove(row.Digest);
        var last = rows[count - 1]!;
        if (at != count - 1)
        {
            rows[at] = last;
            places[last.Digest] = at;
        }
        rows[count - 1] = null;
        Volatile.Write(ref count, count - 1);
        bytes -= row.Bytes;
    }

    private int LeastUsed()
    {
        var least = 0;
        for (var i = 1; i < count; i++)
        {
            var (one, other) = (rows[i]!, rows[least]!);
            if (one.Uses < other.Uses || (one.Uses == other.Uses && one.Place < other.Place)) least = i;
        }
        return least;
    }
}
