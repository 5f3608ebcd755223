namespace AspireGateway.Portal.Alerts.Digests;

/// <summary>How often digests are made.</summary>
public static class DigestPeriods
{
    /// <summary>Each day, of the day before.</summary>
    public const string Daily = "daily";

    /// <summary>Each Monday, of the week before.</summary>
    public const string Weekly = "weekly";

    /// <summary>Hour of the organisation's day from which on they are made: before the day's work, after late records came.</summary>
    public const int Hour = 6;

    /// <summary>First day of the newest digest that is due, by the organisation's calendar.</summary>
    /// <param name="period">The period.</param>
    /// <param name="local">The time in the organisation's zone.</param>
    public static DateOnly Due(string period, DateTime local)
    {
        var today = DateOnly.FromDateTime(local.Hour < Hour ? local.AddDays(-1) : local);
        // Monday is the first day of a week (ISO 8601).
        return period == Daily ? today.AddDays(-1) : today.AddDays(-((int)today.DayOfWeek + 6) % 7 - 7);
    }

    /// <summary>Last day.</summary>
    public static DateOnly End(string period, DateOnly from) => period == Daily ? from : from.AddDays(6);
}
