using AspireGateway.Portal.Alerts.Detection;

namespace AspireGateway.Portal.Alerts.Watch;

/// <summary>What is usual for a series within an hour of the clock.</summary>
/// <param name="Cost">What it costs in an hour, in nano-USD.</param>
/// <param name="PerRequest">What one of its requests costs; 0 = not known.</param>
/// <param name="FailedShare">Part of its requests that failed, from 0 to 1.</param>
internal sealed record KnownSeries(Baseline Cost, double PerRequest, double FailedShare)
{
    /// <summary>Nothing is known of it.</summary>
    public static readonly KnownSeries None = new(Baseline.None, 0, 0);
}
