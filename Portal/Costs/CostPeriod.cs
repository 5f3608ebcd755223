using System.Globalization;

namespace AspireGateway.Portal.Costs;

/// <summary>A time of whole days by the organisation's calendar, and the one that it is compared with.</summary>
/// <param name="Key">Its name in the address.</param>
/// <param name="Name">What it is called.</param>
/// <param name="First">First day.</param>
/// <param name="End">The day after the last.</param>
/// <param name="FirstBefore">First day of the time compared with.</param>
/// <param name="EndBefore">The day after its last.</param>
/// <param name="Against">What that is called, after "against".</param>
/// <param name="ForecastEnd">Where a forecast ends: the day after the last of the running month; null = the time is over.</param>
public sealed record CostPeriod(string Key, string Name, DateOnly First, DateOnly End, DateOnly FirstBefore, DateOnly EndBefore, string Against, DateOnly? ForecastEnd)
{
    /// <summary>The choices, by key and name.</summary>
    public static readonly IReadOnlyList<(string Key, string Name)> All =
        [("month", "This month"), ("last-month", "Last month"), ("7d", "Last 7 days"), ("30d", "Last 30 days"), ("90d", "Last 90 days")];

    /// <summary>How many days.</summary>
    public int Days => End.DayNumber - First.DayNumber;

    /// <summary>The time of that key, or this month.</summary>
    /// <param name="key">Of <see cref="All"/>.</param>
    /// <param name="today">The running day.</param>
    public static CostPeriod Of(string? key, DateOnly today)
    {
        var month = new DateOnly(today.Year, today.Month, 1);
        switch (key)
        {
            case "last-month":
                var last = month.AddMonths(-1);
                return new("last-month", Words(last), last, month, last.AddMonths(-1), last, Words(last.AddMonths(-1)), null);
            case "7d": return Rolling("7d", 7, today);
            case "30d": return Rolling("30d", 30, today);
            case "90d": return Rolling("90d", 90, today);
            default:
                var before = month.AddMonths(-1);
                // As many days of the month before; a short one ends earlier.
                var end = before.AddDays(today.Day);
                return new("month", Words(month), month, today.AddDays(1), before, end > month ? month : end, "the same days of " + Words(before), month.AddMonths(1));
        }
    }

    /// <summary>A month as people write it.</summary>
    public static string Words(DateOnly month) => month.ToString("MMMM yyyy", CultureInfo.InvariantCulture);

    private static CostPeriod Rolling(string key, int days, DateOnly today) => new(
        key, $"Last {days} days", today.AddDays(1 - days), today.AddDays(1), today.AddDays(1 - (2 * days)), today.AddDays(1 - days), $"the {days} days before", null);
}
