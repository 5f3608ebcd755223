namespace AspireGateway.Portal.Alerts.Detection;

/// <summary>
/// Exponentially weighted mean and variance of the last hours, for series that have no days to compare with yet (T. Finch, "Incremental calculation of weighted mean and variance", 2009, equations 124 and 143). The day's own
/// course is within its variance, so it is wider than the seasonal one: that is the price of knowing little.
/// </summary>
internal static class MovingBaseline
{
    /// <summary>From how many known hours on there is one: a whole day, or the first night would be compared with the first noon.</summary>
    public const int LeastHours = 24;

    /// <summary>Weight of the newest hour: 2 / (24 + 1), the mean age of what counts is a day's half.</summary>
    public const double Weight = 2.0 / 25;

    /// <summary>What is usual in the present hour.</summary>
    /// <param name="hours">As <see cref="Baseline.Of"/> takes them, at least one.</param>
    public static Baseline Of(ReadOnlySpan<double> hours)
    {
        // Begun with the mean of its first day, not with its first hour, which would weigh for days.
        var first = hours[^Math.Min(hours.Length, LeastHours)..];
        var mean = 0.0;
        foreach (var value in first) mean += value / first.Length;
        var variance = 0.0;
        foreach (var value in first) variance += (value - mean) * (value - mean) / first.Length;
        for (var i = hours.Length - first.Length - 1; i >= 0; i--)
        {
            var difference = hours[i] - mean;
            mean += Weight * difference;
            variance = (1 - Weight) * (variance + Weight * difference * difference);
        }
        return new(mean, mean, Math.Max(Math.Sqrt(variance), SeasonalBaseline.LeastSpread * mean), hours.Length, BaselineKind.Recent);
    }
}
