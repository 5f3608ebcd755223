using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Shared.Domain.Anomalies;
using Radzen;

namespace AspireGateway.Portal.Alerts.Brakes;

/// <summary>Asks before a key is let go.</summary>
internal static class LiftQuestion
{
    /// <summary>Whether the visitor is sure.</summary>
    public static Task<bool> ConfirmLiftAsync(this DialogService dialogs, KeyBrakeDetails held, string key)
    {
        var now = held.Kind == AnomalyResponses.Stop ? "Its requests are refused" : $"It may make {BrakeWords.Rate(held)}";
        return dialogs.ConfirmAsync(
            $"Let key {key} go", $"{now}. Within a second it is served again as its own limits say. The policy does not act on the same alert again, only on a new one. Why it was done: {held.Reason}.", null,
            held.Kind == AnomalyResponses.Stop ? "Lift the stop" : "Lift the throttle");
    }
}
