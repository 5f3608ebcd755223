namespace AspireGateway.Portal.Alerts;

/// <summary>
/// From which count within an hour on something is a sudden rise. Robust: a seasonal median and the median absolute deviation, which single outliers do not move
/// (P. J. Rousseeuw, C. Croux, "Alternatives to the Median Absolute Deviation", 1993: 1.4826 makes it comparable to a standard deviation).
/// </summary>
internal static class RiseTest
{
    /// <summary>Fewer are never a rise: a handful says nothing.</summary>
    public const int LeastCount = 20;

    /// <summary>So many times what is usual, at least.</summary>
    public const double LeastFactor = 3;

    private const double Deviations = 6, ToStandardDeviation = 1.4826;

    // The newest hour weighs a fifth: a day's worth is gone after a day.
    private const double NewSeriesWeight = 0.2;

    /// <summary>What is usual, and from which count on it is a rise.</summary>
    /// <param name="sameHours">Counts of the same hour on the days before, where the series is known for at least three days; else empty.</param>
    /// <param name="recentHours">Counts of the hours before this one, oldest first; for series that are new.</param>
    public static (double Usual, double Threshold) Of(IReadOnlyList<long> sameHours, IReadOnlyList<long> recentHours)
    {
        if (sameHours.Count >= 3)
        {
            var median = Median([.. sameHours.Select(c => (double)c)]);
            var deviation = ToStandardDeviation * Median([.. sameHours.Select(c => Math.Abs(c - median))]);
            return (median, Math.Max(LeastCount, Math.Max(LeastFactor * median, median + Deviations * deviation)));
        }
        var usual = recentHours.Count == 0 ? 0 : (double)recentHours[0];
        foreach (var count in recentHours.Skip(1)) usual += NewSeriesWeight * (count - usual);
        return (usual, Math.Max(LeastCount, LeastFactor * usual));
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
