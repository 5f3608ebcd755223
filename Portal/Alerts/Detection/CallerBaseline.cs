using System.Runtime.InteropServices;

namespace AspireGateway.Portal.Alerts.Detection;

/// <summary>What is usual for a caller within an hour of the clock.</summary>
/// <param name="Cost">What it costs in an hour, in USD.</param>
/// <param name="Requests">What it asks for in an hour.</param>
/// <param name="PerRequest">What one of its requests costs, in USD; 0 = not known.</param>
/// <param name="Level">By how much the present hour is expected to be above what is usual, by the hour before it (<see cref="LastHour"/>).</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct CallerBaseline(Baseline Cost, Baseline Requests, double PerRequest, double Level)
{
    /// <summary>Nothing is known of it.</summary>
    public static readonly CallerBaseline None = new(Baseline.None, Baseline.None, 0, 1);

    /// <summary>Makes it of a caller's hours, as <see cref="Baseline.Of"/> takes them.</summary>
    /// <param name="costs">Costs in USD.</param>
    /// <param name="requests">Requests; as many hours.</param>
    /// <param name="perRequest">What one of its requests costs, in USD.</param>
    /// <param name="isLastHourWhole">Whether the newest hour is known to its end; where it is not it says nothing of the present one.</param>
    public static CallerBaseline Of(ReadOnlySpan<double> costs, ReadOnlySpan<double> requests, double perRequest, bool isLastHourWhole = true)
    {
        var ofRequests = Baseline.Of(requests);
        return new(Baseline.Of(costs), ofRequests, perRequest, isLastHourWhole && requests.Length >= DailyBaseline.LeastHours ? LastHour.Level(requests[0], ofRequests.Before) : 1);
    }
}
