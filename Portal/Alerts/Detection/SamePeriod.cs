namespace AspireGateway.Portal.Alerts.Detection;

/// <summary>The same hour of the days, or weeks, before.</summary>
internal static class SamePeriod
{
    /// <summary>What is usual: the median of the hour itself, or of all hours around it where that is larger. The first keeps what happens for one hour only, the second is the less noisy one.</summary>
    /// <param name="hours">As <see cref="Baseline.Of"/> takes them.</param>
    /// <param name="back">Of which hour: 0 is the present one, 1 the one before it.</param>
    /// <param name="period">Hours from one to the next, above 1.</param>
    /// <param name="periods">How many are looked back at most.</param>
    public static double Usual(ReadOnlySpan<double> hours, int back, int period, int periods)
    {
        Span<double> room = stackalloc double[3 * periods];
        var same = Median(hours, back, period, periods, room);
        return Math.Max(same, RobustStatistics.Median(room[..Around(hours, back, period, periods, room)]));
    }

    /// <summary>The median of the hour itself. Overwrites the room.</summary>
    public static double Median(ReadOnlySpan<double> hours, int back, int period, int periods, Span<double> room)
    {
        var count = 0;
        for (var index = period + back - 1; count < periods && index < hours.Length; index += period) room[count++] = hours[index];
        return RobustStatistics.Median(room[..count]);
    }

    /// <summary>The largest of the hour itself, however far back.</summary>
    public static double Largest(ReadOnlySpan<double> hours, int back, int period)
    {
        var largest = 0.0;
        for (var index = period + back - 1; index < hours.Length; index += period) largest = Math.Max(largest, hours[index]);
        return largest;
    }

    /// <summary>Collects the hour itself and the two beside it.</summary>
    /// <returns>How many there are.</returns>
    public static int Around(ReadOnlySpan<double> hours, int back, int period, int periods, Span<double> room)
    {
        var count = 0;
        for (var n = 1; n <= periods; n++)
            for (var beside = -1; beside <= 1; beside++)
                if (n * period + back + beside - 1 is var index && index < hours.Length) room[count++] = hours[index];
        return count;
    }
}
