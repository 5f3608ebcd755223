namespace AspireGateway.Portal.Alerts.Detection;

/// <summary>From which sum within a short window on a rate is a spike.</summary>
/// <param name="LeastValue">Less within the window is never one, in the series' unit.</param>
/// <param name="LeastRequests">Fewer requests within the window are never one: a handful says nothing.</param>
internal sealed record SpikeRule(double LeastValue, int LeastRequests)
{
    /// <summary>Of costs in USD within the window: what costs less than $0.60 an hour wakes nobody.</summary>
    public static readonly SpikeRule Cost = new(0.1, 10);

    /// <summary>Length of the window that is looked at.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>So many times what is usual, at least.</summary>
    public const double Factor = 4;

    /// <summary>Normal deviate of the threshold: it is that quantile of a gamma distribution with the mean and the variance of the window, because sums of few dear things are skewed (E. B. Wilson, M. M. Hilferty, "The distribution of chi-square", PNAS 1931).</summary>
    public const double Deviations = 4;

    /// <summary>
    /// Second moment of one request's value against its mean squared, 1 + cv². Prices of requests are close to a lognormal with σ = 1, whose is e; taken from the requests themselves it would be as noisy as what it judges.
    /// </summary>
    public const double SecondMoment = Math.E;

    /// <summary>The threshold. A window holds few requests, so it varies more than its hour: a compound Poisson sum has the variance λE[x²], which adds to what hours vary.</summary>
    /// <param name="baseline">What is usual in an hour.</param>
    /// <param name="window">The window's part of an hour, above 0 and at most 1.</param>
    /// <param name="perRequest">Usual value of one request; 0 = not known, then it adds nothing.</param>
    /// <returns>Infinity where nothing is known.</returns>
    public double Threshold(Baseline baseline, double window, double perRequest)
    {
        if (baseline.Kind == BaselineKind.None) return double.PositiveInfinity;
        // Where hardly anything is usual, as at night, one request within the window is taken to be: somebody who works late once is no spike.
        var usual = Math.Max(baseline.Usual * window, perRequest);
        if (usual <= 0) return LeastValue;
        var ofHours = baseline.Spread * window;
        var variation = (ofHours * ofHours + usual * perRequest * SecondMoment) / (usual * usual);
        var root = 1 - variation / 9 + Deviations * Math.Sqrt(variation) / 3;
        return Math.Max(LeastValue, Math.Max(Factor * usual, usual * root * root * root));
    }

    /// <summary>Judges a window.</summary>
    /// <param name="value">Its sum.</param>
    /// <param name="requests">Its requests.</param>
    /// <param name="baseline">What is usual in an hour.</param>
    /// <param name="perRequest">As <see cref="Threshold"/> takes it.</param>
    public Judgement Look(double value, long requests, Baseline baseline, double perRequest)
    {
        var threshold = Threshold(baseline, Window / TimeSpan.FromHours(1), perRequest);
        return new(threshold, requests >= LeastRequests && value >= threshold, value < Hysteresis.CalmBelow * threshold);
    }
}
