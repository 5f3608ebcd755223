using System.Globalization;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Shared.Domain.Anomalies;

namespace AspireGateway.Portal.Alerts.Policies;

/// <summary>Anomaly policies in words.</summary>
internal static class AnomalyWords
{
    /// <summary>What a policy says: "Stopped for 1 hour".</summary>
    public static string Of(AnomalySettings settings) => settings.OnAnomaly switch
    {
        AnomalyResponses.Stop => $"Stopped {For(settings)}",
        AnomalyResponses.Throttle => $"Throttled to {Rate(settings)} {For(settings)}",
        _ => "Nothing is done: people are told",
    };

    /// <summary>What a policy will do, in whole sentences.</summary>
    /// <param name="whose">Whose keys: "team Commerce".</param>
    /// <param name="settings">The settings.</param>
    public static string Sentence(string whose, AnomalySettings settings) => settings.OnAnomaly switch
    {
        AnomalyResponses.Stop => $"When {whose} runs away, its requests are refused with 403 and the reason within a second, {For(settings)}.",
        AnomalyResponses.Throttle => $"When {whose} runs away, it is held to {Rate(settings)} {For(settings)}, beside all limits that it has. What is more is refused with 429.",
        _ => $"When {whose} runs away, people are told and nothing else happens.",
    };

    /// <summary>How many: "60 requests a minute", "its usual rate".</summary>
    public static string Rate(AnomalySettings settings)
    {
        var number = settings.RequestsPerMinute is { } most ? $"{Quantity.Exact(most)} {(most == 1 ? "request" : "requests")} a minute" : null;
        var share = settings.OfUsual ?? (number is null ? 1 : null);
        var usual = share switch { null => null, 1 => "its usual rate", _ => $"{(share.Value * 100).ToString("0.#", CultureInfo.InvariantCulture)} % of its usual rate" };
        return number is null ? usual! : usual is null ? number : $"{number} or {usual}, whichever is less,";
    }

    /// <summary>For how long: "for 1 hour".</summary>
    public static string For(AnomalySettings settings) => settings.Minutes is 0 ? "until somebody lifts it" : $"for {Time(settings.Minutes ?? AnomalySettings.DefaultMinutes)}";

    /// <summary>Minutes as a time.</summary>
    public static string Time(int minutes) => minutes switch
    {
        1_440 => "1 day",
        _ when minutes % 1_440 == 0 => $"{minutes / 1_440} days",
        60 => "1 hour",
        _ when minutes % 60 == 0 => $"{minutes / 60} hours",
        1 => "1 minute",
        _ => $"{Quantity.Exact(minutes)} minutes",
    };
}
