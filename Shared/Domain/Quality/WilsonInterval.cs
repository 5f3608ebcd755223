namespace AspireGateway.Shared.Domain.Quality;

/// <summary>
/// The 95 % interval of a mean of scores from 0 to 1 (Wilson, "Probable inference, the law of succession, and statistical inference", 1927):
/// (p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n) with z = 1.96. It is made for hits and misses, and holds for small samples as well. Scores in between vary at most as much
/// as hits and misses of the same mean, p(1-p), so that it is never too narrow for them.
/// </summary>
public static class WilsonInterval
{
    private const double Z = 1.96;

    /// <summary>The interval, within 0 and 1 and around the mean.</summary>
    /// <param name="mean">The mean, 0 to 1.</param>
    /// <param name="samples">How many samples, may be a fraction where they weigh unequally; 0 = nothing is known.</param>
    public static (double Lower, double Upper) Of(double mean, double samples)
    {
        if (samples <= 0) return (0, 1);
        var shrink = 1 + Z * Z / samples;
        var centre = (mean + Z * Z / (2 * samples)) / shrink;
        var half = Z * Math.Sqrt(mean * (1 - mean) / samples + Z * Z / (4 * samples * samples)) / shrink;
        // At a mean of 0 or 1 rounding could leave it outside by the last bit.
        return (Math.Clamp(centre - half, 0, mean), Math.Clamp(centre + half, mean, 1));
    }
}
