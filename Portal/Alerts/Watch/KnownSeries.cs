using AspireGateway.Portal.Alerts.Detection;

namespace AspireGateway.Portal.Alerts.Watch;

/// <summary>What is usual for a series within an hour of the clock.</summary>
/// <param name="Caller">What it costs and asks for in an hour.</param>
/// <param name="FailedShare">Part of its requests that failed, from 0 to 1.</param>
internal sealed record KnownSeries(CallerBaseline Caller, double FailedShare)
{
    /// <summary>Nothing is known of it.</summary>
    public static readonly KnownSeries None = new(CallerBaseline.None, 0);
}
