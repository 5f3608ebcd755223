namespace AspireGateway.Gateway.Routing.Canaries;

/// <summary>
/// Tests that may be looked at after every request: what they say stays true however often one looks. Each gives the logarithm of an e-value, evidence against
/// "the canary is no worse than allowed"; by Ville's inequality it ever reaches ln(1/alpha) with a probability of at most alpha if the canary is in truth no worse.
/// </summary>
internal static class SequentialTests
{
    // How much worse it may be in truth, as shares of the way from the allowed rate to 1: a test looks for all of them with equal weight.
    private static readonly double[] Steps = [0.02, 0.05, 0.1, 0.2, 0.4, 0.7];

    /// <summary>
    /// Evidence that a rate is above a bound: the likelihood of the counts under higher rates, mixed, over that under the bound. Exact for a bound that is known beforehand
    /// (Robbins, "Statistical methods related to the law of the iterated logarithm", 1970, section 3: mixtures of likelihood ratios).
    /// </summary>
    /// <param name="hits">Requests that show what is counted.</param>
    /// <param name="total">All of them.</param>
    /// <param name="bound">The rate that is allowed, above 0 and below 1.</param>
    public static double RateAbove(double hits, double total, double bound)
    {
        var most = double.NegativeInfinity;
        Span<double> logs = stackalloc double[Steps.Length];
        for (var i = 0; i < Steps.Length; i++)
        {
            var rate = bound + (1 - bound) * Steps[i];
            logs[i] = hits * Math.Log(rate / bound) + (total - hits) * Math.Log((1 - rate) / (1 - bound));
            most = Math.Max(most, logs[i]);
        }
        double sum = 0;
        foreach (var log in logs) sum += Math.Exp(log - most);
        return most + Math.Log(sum / Steps.Length);
    }

    /// <summary>
    /// Evidence that a difference of means is above 0: the mixture sequential probability ratio test (Johari, Koomen, Pekelis, Walsh, "Always valid inference", 2022,
    /// formula 8), one-sided: the mixture is a half normal. Holds as the sample grows, by the central limit theorem; for small ones see the least sample of the evaluator.
    /// </summary>
    /// <param name="difference">The difference that is observed, less the one that is allowed.</param>
    /// <param name="variance">Its variance.</param>
    /// <param name="scale">A difference that would matter; sets where the test is at its strongest.</param>
    public static double MeanAbove(double difference, double variance, double scale)
    {
        if (difference <= 0 || variance <= 0) return double.NegativeInfinity;
        var spread = scale * scale;
        var z = difference * Math.Sqrt(spread / (variance * (variance + spread)));
        // Twice the normal density's mixture, cut to the positive half.
        return Math.Log(2 * NormalBelow(z)) + 0.5 * Math.Log(variance / (variance + spread)) + z * z / 2;
    }

    // Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17; |error| < 7.5e-8. For z of 0 and above.
    private static double NormalBelow(double z)
    {
        var t = 1 / (1 + 0.2316419 * z);
        var tail = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI)
            * t * (0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
        return 1 - tail;
    }
}
