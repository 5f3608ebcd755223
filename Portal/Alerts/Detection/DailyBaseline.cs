namespace AspireGateway.Portal.Alerts.Detection;

/// <summary>
/// Baseline by hour of the day, for series that are too young to have weeks: the median of the same hour of the last seven days, with the hours beside it, which five working days outvote. Of less than seven days it
/// is the largest of the same hour: what began on a Saturday would else be judged by its weekend.
/// </summary>
internal static class DailyBaseline
{
    /// <summary>From how many known hours on there is one: of any three days in a row one is a working day.</summary>
    public const int LeastHours = 3 * Day;

    private const int Day = 24, MaxDays = 7;

    /// <summary>What is usual in the present hour.</summary>
    /// <param name="hours">As <see cref="Baseline.Of"/> takes them, at least <see cref="LeastHours"/>.</param>
    public static Baseline Of(ReadOnlySpan<double> hours)
    {
        Span<double> around = stackalloc double[3 * MaxDays];
        around = around[..SamePeriod.Around(hours, 0, Day, MaxDays, around)];
        var spread = RobustStatistics.Spread(around, RobustStatistics.Median(around));
        var isWeek = hours.Length >= MaxDays * Day;
        var usual = isWeek ? SamePeriod.Usual(hours, 0, Day, MaxDays) : SamePeriod.Largest(hours, 0, Day);
        var before = isWeek ? SamePeriod.Usual(hours, 1, Day, MaxDays) : SamePeriod.Largest(hours, 1, Day);
        return new(usual, before, Math.Max(spread, SeasonalBaseline.LeastSpread * usual), around.Length, BaselineKind.Daily);
    }
}
