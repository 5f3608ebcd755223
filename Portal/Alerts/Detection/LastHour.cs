namespace AspireGateway.Portal.Alerts.Detection;

/// <summary>
/// What the last whole hour says of the present one. How busy a caller is wanders from hour to hour, as an autoregression: of what it was above its usual, a part is left in the next hour. Requests of an hour are
/// counted, so a few of them say little: the part is shrunk by the Poisson variance of the count (the linear predictor of a state that is seen with noise, as in R. E. Kalman, "A New Approach to Linear Filtering and
/// Prediction Problems", 1960).
/// </summary>
internal static class LastHour
{
    /// <summary>Part of a deviation that is left after an hour.</summary>
    public const double Memory = 0.7;

    /// <summary>Variance of the logarithm of an hour's rate around what is usual: a quarter up or down.</summary>
    public const double Variance = 0.06;

    /// <summary>Bounds of the level: a caller that was away is not taken for one that is gone, and one that runs away does not become usual.</summary>
    public const double Least = 0.4, Most = 2;

    // Of no request at all a logarithm has to be taken.
    private const double Nothing = 0.3;

    /// <summary>By how much the present hour is expected to be above what is usual.</summary>
    /// <param name="requests">Requests of the last whole hour.</param>
    /// <param name="usual">What is usual in it.</param>
    public static double Level(double requests, double usual) =>
        usual <= 0 ? 1 : Math.Clamp(Math.Pow(Math.Max(requests, Nothing) / usual, Memory * Variance / (Variance + 1 / usual)), Least, Most);
}
