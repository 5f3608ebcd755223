using System.Globalization;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Shared.Domain.Anomalies;

namespace AspireGateway.Portal.Alerts.Brakes;

/// <summary>What was done to a key, in words.</summary>
internal static class BrakeWords
{
    /// <summary>What was done, in a sentence without its end: "Key stopped until 15:40 UTC".</summary>
    /// <param name="brake">What was done.</param>
    /// <param name="now">The time: what is over is told as over.</param>
    /// <param name="zone">The reader's time zone.</param>
    public static string Done(KeyBrakeDetails brake, DateTimeOffset now, TimeZoneInfo zone)
    {
        var what = brake.Kind == AnomalyResponses.Stop ? "stopped" : $"throttled to {Rate(brake)}";
        if (brake.HoldsAt(now)) return $"Key {what} {Until(brake, zone)}";
        var lifted = brake is { EndedAt: { } ended, EndedBy: { } who } && who != ApplyPolicies.Watch ? $"lifted by {who} at {Time(ended, brake.CreatedAt, zone)}" : null;
        return lifted is null ? $"Key was {what} {Until(brake, zone)}" : $"Key was {what}, {lifted}";
    }

    /// <summary>How long it lasts: "until 15:40 UTC".</summary>
    public static string Until(KeyBrakeDetails brake, TimeZoneInfo zone) => brake.Until is { } until ? $"until {Time(until, brake.CreatedAt, zone)}" : "until somebody lifts it";

    /// <summary>Most requests of a throttle: "60 requests a minute".</summary>
    public static string Rate(KeyBrakeDetails brake) => brake.RequestsPerMinute == 1 ? "1 request a minute" : $"{Quantity.Exact(brake.RequestsPerMinute ?? 0)} requests a minute";

    // Without its day where that is the one on which it began.
    private static string Time(DateTimeOffset at, DateTimeOffset since, TimeZoneInfo zone)
    {
        var (local, began) = (TimeZoneInfo.ConvertTime(at, zone), TimeZoneInfo.ConvertTime(since, zone));
        var name = zone.HasSameRules(TimeZoneInfo.Utc) ? " UTC" : "";
        return local.ToString(local.Date == began.Date ? "HH:mm" : "d MMM HH:mm", CultureInfo.InvariantCulture) + name;
    }
}
