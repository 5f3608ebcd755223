using System.Runtime.InteropServices;

namespace AspireGateway.Portal.Alerts.Detection;

/// <summary>What is usual for a series now.</summary>
/// <param name="Usual">Its usual sum of an hour, in the series' own unit; at least 0.</param>
/// <param name="Spread">How far hours vary around it, as a standard deviation; at least 0.</param>
/// <param name="Samples">How many hours it was learned from.</param>
/// <param name="Kind">What it was learned from.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Baseline(double Usual, double Spread, int Samples, BaselineKind Kind)
{
    /// <summary>Nothing is known yet: the series is not judged.</summary>
    public static readonly Baseline None = new(0, 0, 0, BaselineKind.None);

    /// <summary>
    /// What is usual for a series of which each hour that it lived is known: the same hour of the week where it is two weeks old, its last days where it is one, nothing before.
    /// </summary>
    /// <param name="hours">Sums of whole hours, the newest first: element 0 is the hour before the present one. Hours without anything are 0.</param>
    public static Baseline Of(ReadOnlySpan<double> hours) =>
        hours.Length >= SeasonalBaseline.LeastHours ? SeasonalBaseline.Of(hours) : hours.Length >= MovingBaseline.LeastHours ? MovingBaseline.Of(hours) : None;
}
