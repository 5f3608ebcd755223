namespace AspireGateway.Portal.Benchmarks.Metrics;

/// <summary>By how much one model scores better than another on the samples that both answered.</summary>
/// <param name="Mean">Mean of the differences, -1 to 1.</param>
/// <param name="Low">Lower bound of its 95 % confidence interval; null = too few samples.</param>
/// <param name="High">Upper bound.</param>
/// <param name="Count">Samples that both answered.</param>
public sealed record PairedDifference(double Mean, double? Low, double? High, int Count)
{
    /// <summary>With fewer pairs there is no interval: the normal approximation behind it is not to be trusted then.</summary>
    public const int MinCount = 10;

    private const double Z = 1.959963984540054;

    /// <summary>
    /// Of the pairs' scores, with Student's interval of paired differences (NIST/SEMATECH e-Handbook of Statistical Methods, 7.3.1.1), no narrower than a single pair's change to either side
    /// would make it: where no pair differs, that is all that is known.
    /// </summary>
    public static PairedDifference Of(IReadOnlyList<(double First, double Second)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var n = pairs.Count;
        if (n == 0) return new(0, null, null, 0);
        var mean = pairs.Sum(p => p.First - p.Second) / n;
        if (n < MinCount) return new(mean, null, null, n);
        var variance = pairs.Sum(p => (p.First - p.Second - mean) * (p.First - p.Second - mean)) / (n - 1);
        var half = Math.Max(Quantile(n - 1) * Math.Sqrt(variance / n), 1.0 / n);
        return new(mean, Math.Max(-1, mean - half), Math.Min(1, mean + half), n);
    }

    /// <summary>97.5 % quantile of Student's t, by the expansion in powers of 1 / degrees (Abramowitz and Stegun, 26.7.5); good to 0.001 from 9 degrees on.</summary>
    internal static double Quantile(int degrees)
    {
        const double z = Z, z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z;
        double v = degrees;
        return z + (z3 + z) / (4 * v) + (5 * z5 + 16 * z3 + 3 * z) / (96 * v * v) + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * v * v * v);
    }
}
