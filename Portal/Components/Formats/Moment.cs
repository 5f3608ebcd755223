using System.Globalization;

namespace AspireGateway.Portal.Components.Formats;

/// <summary>How moments are written: relative in lists, exact in the organisation's zone in tooltips.</summary>
public static class Moment
{
    private const string Gap = "\u00A0";

    /// <summary>How long ago, or how soon: "12 s ago", "3 min ago", "in 2 days"; beyond 30 days the date.</summary>
    public static string Relative(DateTimeOffset at, DateTimeOffset now, TimeZoneInfo zone)
    {
        var distance = now - at;
        var span = distance.Duration();
        if (span < TimeSpan.FromSeconds(5)) return "just now";
        var text = span switch
        {
            { TotalSeconds: < 60 } => (int)span.TotalSeconds + Gap + "s",
            { TotalMinutes: < 60 } => (int)span.TotalMinutes + Gap + "min",
            { TotalHours: < 24 } => (int)span.TotalHours + Gap + "h",
            { TotalDays: < 2 } => "1" + Gap + "day",
            { TotalDays: < 31 } => (int)span.TotalDays + Gap + "days",
            _ => null,
        };
        if (text is null) return Date(at, zone);
        return distance > TimeSpan.Zero ? text + " ago" : "in " + text;
    }

    /// <summary>To the second, with the zone's name and offset.</summary>
    public static string Exact(DateTimeOffset at, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        return string.Create(CultureInfo.InvariantCulture, $"{local:ddd d MMM yyyy, HH:mm:ss} {zone.Id} (UTC{local:zzz})");
    }

    /// <summary>The day in the zone.</summary>
    public static string Date(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>The hour in the zone, for axes.</summary>
    public static string Hour(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Day and minute in the zone, for tables.</summary>
    public static string Minute(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("d MMM, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>The zone of that IANA name; UTC where this machine does not know it.</summary>
    public static TimeZoneInfo Zone(string? name) =>
        name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
}
