namespace AspireGateway.Gateway.Telemetry;

/// <summary>Counts of durations in fixed buckets; adding is lock-free and allocates nothing.</summary>
internal sealed class Histogram
{
    /// <summary>Upper bounds in seconds, ascending: fine where a gateway's own time lies, coarse where a model's does.</summary>
    public static readonly double[] Bounds =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

    private readonly long[] counts = new long[Bounds.Length + 1];
    private long sumUs;

    /// <summary>Adds a duration.</summary>
    public void Add(long microseconds)
    {
        var seconds = microseconds / 1e6;
        var bucket = 0;
        while (bucket < Bounds.Length && seconds > Bounds[bucket]) bucket++;
        Interlocked.Increment(ref counts[bucket]);
        Interlocked.Add(ref sumUs, microseconds);
    }

    /// <summary>Sum of all durations, in seconds.</summary>
    public double SumSeconds => Interlocked.Read(ref sumUs) / 1e6;

    /// <summary>How many fell into a bucket; the last one has no upper bound.</summary>
    public long CountAt(int bucket) => Interlocked.Read(ref counts[bucket]);
}
