using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.UsageExports;

/// <summary>How long a file's time is.</summary>
public static class ExportPeriods
{
    /// <summary>An hour, UTC.</summary>
    public const string Hourly = "hourly";

    /// <summary>A day of the organisation's calendar.</summary>
    public const string Daily = BudgetPeriods.Daily;

    /// <summary>A week of the organisation's calendar.</summary>
    public const string Weekly = BudgetPeriods.Weekly;

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Hourly, Daily, Weekly];

    /// <summary>The period that a moment lies in.</summary>
    public static (DateTimeOffset Start, DateTimeOffset End) Of(string period, DateTimeOffset at, TimeZoneInfo zone)
    {
        if (period != Hourly)
        {
            var window = BudgetWindow.Of(period, at, zone, at);
            return (window.Start.ToUniversalTime(), window.End.ToUniversalTime());
        }
        var utc = at.UtcDateTime;
        var hour = new DateTimeOffset(utc.Year, utc.Month, utc.Day, utc.Hour, 0, 0, TimeSpan.Zero);
        return (hour, hour.AddHours(1));
    }
}
