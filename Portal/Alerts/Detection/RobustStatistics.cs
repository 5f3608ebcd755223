namespace AspireGateway.Portal.Alerts.Detection;

/// <summary>A median and a spread around it that single outliers do not move.</summary>
internal static class RobustStatistics
{
    /// <summary>Makes a median absolute deviation comparable to a standard deviation (P. J. Rousseeuw, C. Croux, "Alternatives to the Median Absolute Deviation", JASA 1993).</summary>
    public const double ToStandardDeviation = 1.4826;

    /// <summary>The median; 0 of nothing. Sorts what it is given.</summary>
    public static double Median(Span<double> values)
    {
        if (values.Length == 0) return 0;
        values.Sort();
        var middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    /// <summary>The scaled median absolute deviation. Overwrites what it is given.</summary>
    public static double Spread(Span<double> values, double median)
    {
        for (var i = 0; i < values.Length; i++) values[i] = Math.Abs(values[i] - median);
        return ToStandardDeviation * Median(values);
    }
}
