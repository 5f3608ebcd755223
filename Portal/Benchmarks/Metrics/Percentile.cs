namespace AspireGateway.Portal.Benchmarks.Metrics;

/// <summary>Percentiles by the nearest rank: the smallest value with at least that share of all values at or below it.</summary>
internal static class Percentile
{
    /// <summary>The 95th of values in rising order; null = there is none.</summary>
    public static long? P95(IReadOnlyList<long> rising) => rising.Count == 0 ? null : rising[(95 * rising.Count + 99) / 100 - 1];
}
