namespace AspireGateway.Gateway.Reliability.Circuits;

/// <summary>The p95 of the last 64 times to an answer's beginning, computed anew after every eighth of them. Streams begin with their first event, whole answers with their last byte.</summary>
internal sealed class LatencyWindow
{
    private const int Size = 64;
    private const int Refresh = 8;

    private readonly int[] times = new int[Size];
    private int count, p95;

    /// <summary>Times that were noted.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>The p95 in milliseconds; 0 = too few were noted.</summary>
    public int P95 => Volatile.Read(ref p95);

    /// <summary>Notes a time; true when the p95 was computed anew.</summary>
    public bool Note(int milliseconds)
    {
        var number = Interlocked.Increment(ref count);
        Volatile.Write(ref times[(number - 1) & (Size - 1)], milliseconds);
        if (number % Refresh != 0 || number <= 0) return false;
        var length = Math.Min(number, Size);
        Span<int> sorted = stackalloc int[Size];
        times.AsSpan(0, length).CopyTo(sorted);
        sorted = sorted[..length];
        sorted.Sort();
        Volatile.Write(ref p95, sorted[Math.Min(length - 1, length * 95 / 100)]);
        return true;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Volatile.Write(ref count, 0);
        Volatile.Write(ref p95, 0);
    }
}
