using System.Runtime.InteropServices;

namespace AspireGateway.Shared.Domain.Limits;

/// <summary>The window of a budget that a moment falls into: from <paramref name="Start"/> up to, not including, <paramref name="End"/>.</summary>
/// <param name="Start">First moment, UTC.</param>
/// <param name="End">First moment of the next window, UTC; <see cref="DateTimeOffset.MaxValue"/> for a total.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BudgetWindow(DateTimeOffset Start, DateTimeOffset End)
{
    // Farther from UTC than any zone is.
    private static readonly TimeSpan Reach = TimeSpan.FromHours(15);

    /// <summary>
    /// The window by the organisation's calendar. A day begins at local midnight; where a change of the clocks skips midnight, at the first moment
    /// after the gap, and where it repeats midnight, at the first of the two. So days have 23 to 25 hours, and every moment lies in exactly one.
    /// </summary>
    /// <param name="period">Of <see cref="BudgetPeriods"/>.</param>
    /// <param name="at">The moment.</param>
    /// <param name="zone">The organisation's time zone.</param>
    /// <param name="createdAt">When the budget was made: where a total begins.</param>
    public static BudgetWindow Of(string period, DateTimeOffset at, TimeZoneInfo zone, DateTimeOffset createdAt)
    {
        ArgumentNullException.ThrowIfNull(zone);
        if (period == BudgetPeriods.Total) return new(createdAt, DateTimeOffset.MaxValue);
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
        // A day that begins late, or a midnight that comes twice: the local date alone may be off by one near them.
        while (StartOf(day, zone) > at) day = day.AddDays(-1);
        while (StartOf(day.AddDays(1), zone) <= at) day = day.AddDays(1);
        var first = period switch
        {
            BudgetPeriods.Weekly => day.AddDays(-(((int)day.DayOfWeek + 6) % 7)),
            BudgetPeriods.Monthly => new DateOnly(day.Year, day.Month, 1),
            _ => day,
        };
        var next = period switch
        {
            BudgetPeriods.Weekly => first.AddDays(7),
            BudgetPeriods.Monthly => first.AddMonths(1),
            _ => first.AddDays(1),
        };
        return new(StartOf(first, zone), StartOf(next, zone));
    }

    /// <summary>The first moment of a day of the zone's calendar.</summary>
    public static DateTimeOffset StartOf(DateOnly day, TimeZoneInfo zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        // Asks for the offsets of moments only, which are never in doubt: of local times in a gap that is no daylight saving (Apia left out 2011-12-30), the
        // framework knows too little.
        var midnight = new DateTimeOffset(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var (before, after) = (zone.GetUtcOffset(midnight - Reach), zone.GetUtcOffset(midnight + Reach));
        var first = midnight - before;
        if (zone.GetUtcOffset(first) == before) return first;
        var second = midnight - after;
        if (zone.GetUtcOffset(second) == after) return second;
        // Midnight is skipped: the day begins with the change itself, which lies between the two.
        var (low, high) = (second, first);
        while (high.Ticks - low.Ticks > 1)
        {
            var middle = low + (high - low) / 2;
            if (zone.GetUtcOffset(middle) == before) low = middle;
            else high = middle;
        }
        return high;
    }
}
