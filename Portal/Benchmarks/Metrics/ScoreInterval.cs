namespace AspireGateway.Portal.Benchmarks.Metrics;

/// <summary>A mean of scores with its 95 % confidence interval.</summary>
/// <param name="Mean">0 to 1.</param>
/// <param name="Low">Lower bound.</param>
/// <param name="High">Upper bound.</param>
public sealed record ScoreInterval(double Mean, double Low, double High)
{
    // 97.5 % quantile of the normal distribution.
    private const double Z = 1.959963984540054;

    /// <summary>
    /// Wilson's score interval (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927, p. 209). It is made for 0/1 scores. For scores between, it is kept and is on the safe side: of all distributions
    /// on [0, 1] with a mean m none has a variance above m (1 - m), that of 0/1 scores (Bhatia and Davis, Am. Math. Monthly 107, 2000, p. 353). Unlike Student's it is not empty when all
    /// scores are the same, which a judge's often are.
    /// </summary>
    /// <param name="sum">Sum of scores, each 0 to 1.</param>
    /// <param name="count">How many; from 1 on.</param>
    public static ScoreInterval Of(double sum, int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var mean = Math.Clamp(sum / count, 0, 1);
        const double squared = Z * Z;
        var width = 1 + squared / count;
        var centre = (mean + squared / (2 * count)) / width;
        var half = Z * Math.Sqrt(mean * (1 - mean) / count + squared / (4.0 * count * count)) / width;
        // At the ends the bounds are 0 and 1 exactly; rounding must not move them beyond the mean.
        return new(mean, Math.Clamp(centre - half, 0, mean), Math.Clamp(centre + half, mean, 1));
    }
}
