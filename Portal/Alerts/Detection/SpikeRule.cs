namespace AspireGateway.Portal.Alerts.Detection;

/// <summary>
/// From when on a caller's costs within a short window are a spike: by its requests, whose number is much tighter than what they cost, or by the costs alone where they are far out by themselves, as when each request
/// is suddenly dear.
/// </summary>
/// <param name="LeastValue">Less within the window is never one, in USD.</param>
/// <param name="LeastRequests">Fewer requests within the window are never one: a handful says nothing.</param>
internal sealed record SpikeRule(double LeastValue, int LeastRequests)
{
    /// <summary>Of costs in USD within the window: what costs less than $0.60 an hour wakes nobody.</summary>
    public static readonly SpikeRule Cost = new(0.1, 10);

    /// <summary>Length of the window that is looked at.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>Looks in a row that raise it: one, because two windows of ten minutes that end a minute apart are nine tenths the same. What a second look would spare is spared by a higher threshold, and sooner.</summary>
    public const int RaiseAfter = 1;

    /// <summary>So many times the usual requests, at least, if they cost <see cref="LeastFactor"/> times what is usual too.</summary>
    public const double RequestFactor = 6.1;

    /// <summary>So many times what is usual has to be spent, at least, whatever was asked for.</summary>
    public const double LeastFactor = 3;

    /// <summary>So many times what is usual, at least, where costs alone tell it.</summary>
    public const double CostFactor = 8;

    /// <summary>Normal deviate of the thresholds: each is that quantile of a gamma distribution with the mean and the variance of the window, because sums of few things are skewed (E. B. Wilson, M. M. Hilferty, "The distribution of chi-square", PNAS 1931). Prices have a longer tail than it, so of costs it is further out.</summary>
    public const double RequestDeviations = 5, CostDeviations = 7.5;

    /// <summary>
    /// Second moment of one request's cost against its mean squared, 1 + cv². Prices of requests are close to a lognormal with σ = 1, whose is e; taken from the requests themselves it would be as noisy as what it judges.
    /// </summary>
    public const double SecondMoment = Math.E;

    private static readonly double s_part = Window / TimeSpan.FromHours(1);

    /// <summary>From how many requests within the window on it is a spike, if they cost enough. A window holds few requests, so it varies more than its hour: a Poisson count has the variance λ, which adds to what hours vary.</summary>
    /// <param name="usual">What is usual in the hour.</param>
    /// <param name="minute">Minute of the hour in which the window ends.</param>
    /// <returns>Infinity where nothing is known.</returns>
    public double RequestThreshold(CallerBaseline usual, int minute)
    {
        if (usual.Requests.Kind == BaselineKind.None) return double.PositiveInfinity;
        // Where hardly anything is usual, as at night, one request within the window is taken to be: somebody who works late once is no spike.
        var count = UsualRequests(usual, minute);
        return Math.Max(LeastRequests, Threshold(count, usual.Requests.Variation(1), 1 / count, RequestFactor, RequestDeviations));
    }

    /// <summary>From which cost within the window on it is a spike, whatever was asked for: the sum of a Poisson number of prices has the variance λE[x²].</summary>
    /// <inheritdoc cref="RequestThreshold" path="/param" />
    /// <returns>In USD; infinity where nothing is known.</returns>
    public double CostThreshold(CallerBaseline usual, int minute)
    {
        if (usual.Cost.Kind == BaselineKind.None) return double.PositiveInfinity;
        var cost = UsualCost(usual, minute);
        return cost <= 0 ? LeastValue : Math.Max(LeastValue, Threshold(cost, usual.Cost.Variation(SecondMoment * usual.PerRequest), SecondMoment * usual.PerRequest / cost, CostFactor, CostDeviations));
    }

    /// <summary>Requests a minute that are usual; at least one within the window.</summary>
    /// <inheritdoc cref="RequestThreshold" path="/param" />
    public static double UsualRate(CallerBaseline usual, int minute) => UsualRequests(usual, minute) / Window.TotalMinutes;

    /// <summary>What is usual within the window, in USD; at least one request.</summary>
    /// <inheritdoc cref="RequestThreshold" path="/param" />
    public static double UsualCost(CallerBaseline usual, int minute) => Math.Max(usual.Level * usual.Cost.At(minute) * s_part, usual.PerRequest);

    /// <summary>Judges a window. The judgement's threshold is in USD: what the requests that would be too many usually cost, or the cost that is too much by itself where that is less.</summary>
    /// <param name="value">What it cost, in USD.</param>
    /// <param name="requests">Its requests.</param>
    /// <param name="usual">What is usual in the hour.</param>
    /// <param name="minute">Minute of the hour in which the window ends.</param>
    public Judgement Look(double value, long requests, CallerBaseline usual, int minute)
    {
        var (most, mostRequests) = (CostThreshold(usual, minute), RequestThreshold(usual, minute));
        var threshold = Math.Min(most, Math.Max(LeastValue, mostRequests * usual.PerRequest));
        var isAbove = value >= LeastValue && requests >= LeastRequests && (value >= most || (requests >= mostRequests && value >= LeastFactor * UsualCost(usual, minute)));
        // Many requests that are cheaper than usual cost less than as many usually do: what raised it is then the threshold.
        return new(isAbove ? Math.Min(threshold, value) : threshold, isAbove, value < Hysteresis.CalmBelow * threshold && requests < Hysteresis.CalmBelow * mostRequests);
    }

    private static double UsualRequests(CallerBaseline usual, int minute) => Math.Max(1, usual.Level * usual.Requests.At(minute) * s_part);

    private static double Threshold(double mean, double ofHours, double ofRequests, double factor, double deviations)
    {
        var variation = ofHours + ofRequests;
        var root = 1 - variation / 9 + deviations * Math.Sqrt(variation) / 3;
        return mean * Math.Max(factor, root * root * root);
    }
}
