namespace AspireGateway.Shared.Canaries;

/// <summary>Buckets of latencies: eight to a doubling, so that a percentile read from them is within a few percent.</summary>
public static class LatencyScale
{
    /// <summary>How many there are: from 1 ms to 16 minutes.</summary>
    public const int Buckets = 160;

    private const double PerDoubling = 8, FirstUs = 1_000;

    /// <summary>The bucket of a latency, in microseconds.</summary>
    public static int BucketOf(long microseconds) =>
        microseconds <= FirstUs ? 0 : Math.Min(Buckets - 1, (int)(Math.Log2(microseconds / FirstUs) * PerDoubling));

    /// <summary>The latency at a place on the scale, in microseconds; whole numbers are the lower ends of buckets.</summary>
    public static double At(double place) => FirstUs * Math.Pow(2, place / PerDoubling);

    /// <summary>The place below which a share of the requests lies; null = there is no request.</summary>
    public static double? Quantile(double[] buckets, double share)
    {
        ArgumentNullException.ThrowIfNull(buckets);
        double total = 0;
        foreach (var count in buckets) total += count;
        if (total <= 0) return null;
        var wanted = total * share;
        for (var i = 0; i < buckets.Length; i++)
        {
            if (buckets[i] > 0 && wanted <= buckets[i]) return i + wanted / buckets[i];
            wanted -= buckets[i];
        }
        return buckets.Length;
    }

    /// <summary>How many requests lie above a place.</summary>
    public static double Above(double[] buckets, double place)
    {
        ArgumentNullException.ThrowIfNull(buckets);
        double above = 0;
        for (var i = 0; i < buckets.Length; i++)
            if (i >= place) above += buckets[i];
            else if (i + 1 > place) above += buckets[i] * (i + 1 - place);
        return above;
    }

    /// <summary>How far apart on the scale a latency and so many times it are.</summary>
    public static double Ratio(double times) => Math.Log2(times) * PerDoubling;
}
