namespace AspireGateway.Portal.Alerts.Detection;

/// <summary>
/// Robust seasonal baseline by hour of the week: the median of the same hour, and of the hours beside it, of up to five weeks before, and their scaled median absolute deviation. The hours beside it give
/// enough values for a deviation, and let a clock that changes to summer time move nothing. A holiday or an incident in one of the weeks moves neither. What is usual is at least what this
/// hour of the week is by itself: a batch each night is no spike.
/// </summary>
internal static class SeasonalBaseline
{
    /// <summary>Hours of a week.</summary>
    public const int Week = 7 * 24;

    /// <summary>From how many known hours on there is one: two weeks and the hour beside.</summary>
    public const int LeastHours = 2 * Week + 1;

    /// <summary>How many weeks are looked back; hourly roll-ups are kept for as long.</summary>
    public const int MaxWeeks = 5;

    /// <summary>Least spread, as a part of what is usual: a series that did not vary for some weeks still may.</summary>
    public const double LeastSpread = 0.25;

    /// <summary>How far the level may be carried upwards. Growth within the weeks that are looked back is followed, a rise that is ten times what is usual is not.</summary>
    public const double MaxLevel = 2;

    private const int Day = 24;

    /// <summary>What is usual in the present hour.</summary>
    /// <param name="hours">As <see cref="Baseline.Of"/> takes them, at least <see cref="LeastHours"/>.</param>
    public static Baseline Of(ReadOnlySpan<double> hours)
    {
        Span<double> around = stackalloc double[3 * MaxWeeks];
        around = around[..SamePeriod.Around(hours, 0, Week, MaxWeeks, around)];
        var (spread, level) = (RobustStatistics.Spread(around, RobustStatistics.Median(around)), Level(hours));
        var usual = SamePeriod.Usual(hours, 0, Week, MaxWeeks);
        return new(level * usual, level * SamePeriod.Usual(hours, 1, Week, MaxWeeks), level * Math.Max(spread, LeastSpread * usual), around.Length, BaselineKind.Seasonal);
    }

    /// <summary>By how much the last day was above what its hours were in the weeks before: the median of its hours, from 1 to <see cref="MaxLevel"/>. Never below 1, or the day after a holiday would alarm.</summary>
    private static double Level(ReadOnlySpan<double> hours)
    {
        Span<double> ratios = stackalloc double[Day];
        Span<double> room = stackalloc double[MaxWeeks];
        var known = 0;
        for (var back = 1; back <= Day; back++)
            if (SamePeriod.Median(hours, back, Week, MaxWeeks, room) is > 0 and var usual) ratios[known++] = hours[back - 1] / usual;
        return known < Day / 2 ? 1 : Math.Clamp(RobustStatistics.Median(ratios[..known]), 1, MaxLevel);
    }
}
