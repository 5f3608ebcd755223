namespace AspireGateway.Portal.Alerts.Detection;

/// <summary>
/// Robust seasonal baseline by hour of the week: the median of the same hour, and of the hours beside it, of up to five weeks before, and their scaled median absolute deviation. The hours beside it give
/// enough values for a deviation, and let a clock that changes to summer time move nothing. A holiday or an incident in one of the weeks moves neither. What is usual is at least what this hour of the week and the one
/// before it are by themselves: a batch each night is no spike, nor is its end within the first minutes of the next hour.
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
        Span<double> same = stackalloc double[3 * MaxWeeks];
        var usual = Math.Max(Median(hours, 0, same), Median(hours, 1, same));
        var count = 0;
        for (var week = 1; week <= MaxWeeks; week++)
            for (var beside = -1; beside <= 1; beside++)
            {
                var back = week * Week + beside;
                if (back <= hours.Length) same[count++] = hours[back - 1];
            }
        same = same[..count];
        var median = RobustStatistics.Median(same);
        var spread = RobustStatistics.Spread(same, median);
        usual = Math.Max(usual, median);
        var level = Level(hours);
        return new(level * usual, level * Math.Max(spread, LeastSpread * usual), count, BaselineKind.Seasonal);
    }

    // Of one hour of the week alone.
    private static double Median(ReadOnlySpan<double> hours, int beside, Span<double> room)
    {
        var count = 0;
        for (var back = Week + beside; count < MaxWeeks && back <= hours.Length; back += Week) room[count++] = hours[back - 1];
        return RobustStatistics.Median(room[..count]);
    }

    /// <summary>By how much the last day was above what its hours were in the weeks before: the median of its hours, from 1 to <see cref="MaxLevel"/>. Never below 1, or the day after a holiday would alarm.</summary>
    private static double Level(ReadOnlySpan<double> hours)
    {
        Span<double> ratios = stackalloc double[Day];
        Span<double> same = stackalloc double[MaxWeeks];
        var known = 0;
        for (var back = 1; back <= Day; back++)
        {
            var weeks = 0;
            for (var week = 1; week <= MaxWeeks && back + week * Week <= hours.Length; week++) same[weeks++] = hours[back + week * Week - 1];
            if (RobustStatistics.Median(same[..weeks]) is > 0 and var usual) ratios[known++] = hours[back - 1] / usual;
        }
        return known < Day / 2 ? 1 : Math.Clamp(RobustStatistics.Median(ratios[..known]), 1, MaxLevel);
    }
}
