using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Anomalies;

namespace AspireGateway.Portal.Alerts.Policies;

/// <summary>Checks the settings of a policy; each fault names its field by its path.</summary>
internal static class AnomalyChecks
{
    private const string Field = "settings";

    /// <summary>The settings as they are kept; meaningless where a fault was added.</summary>
    public static AnomalySettings Read(FieldChecks checks, AnomalySettingsRequest? request)
    {
        if (request is null)
        {
            checks.Add(Field, "settings is required: say at least on_anomaly.");
            return new() { OnAnomaly = AnomalyResponses.None };
        }
        var response = checks.Choice($"{Field}.on_anomaly", request.OnAnomaly, AnomalyResponses.All);
        var isThrottle = response == AnomalyResponses.Throttle;
        checks.Must(isThrottle || request.RequestsPerMinute is null, $"{Field}.requests_per_minute", "settings.requests_per_minute goes with on_anomaly throttle only.");
        checks.Must(isThrottle || request.OfUsual is null, $"{Field}.of_usual", "settings.of_usual goes with on_anomaly throttle only.");
        checks.Must(response != AnomalyResponses.None || request.Minutes is null, $"{Field}.minutes", "settings.minutes goes with on_anomaly throttle or stop.");
        if (isThrottle) checks.Range($"{Field}.requests_per_minute", request.RequestsPerMinute, 1, AnomalySettings.MaxRequestsPerMinute);
        checks.Must(
            !isThrottle || request.OfUsual is null or (>= AnomalySettings.LeastOfUsual and <= AnomalySettings.MostOfUsual), $"{Field}.of_usual",
            "settings.of_usual must be from 0.05 to 6: the part of the usual rate that is left.");
        checks.Range($"{Field}.minutes", request.Minutes, 0, AnomalySettings.MaxMinutes);
        return new()
        {
            OnAnomaly = response, RequestsPerMinute = request.RequestsPerMinute, OfUsual = request.OfUsual, Minutes = request.Minutes is AnomalySettings.DefaultMinutes ? null : request.Minutes,
        };
    }
}
