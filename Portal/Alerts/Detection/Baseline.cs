using System.Runtime.InteropServices;

namespace AspireGateway.Portal.Alerts.Detection;

/// <summary>What is usual for one figure of a series now.</summary>
/// <param name="Usual">Its usual sum of the present hour, in its own unit; at least 0.</param>
/// <param name="Before">Its usual sum of the hour before it; at least 0.</param>
/// <param name="Spread">How far hours vary around it, as a standard deviation; at least 0.</param>
/// <param name="Samples">How many hours it was learned from.</param>
/// <param name="Kind">What it was learned from.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Baseline(double Usual, double Before, double Spread, int Samples, BaselineKind Kind)
{
    /// <summary>Nothing is known yet: the series is not judged.</summary>
    public static readonly Baseline None = new(0, 0, 0, 0, BaselineKind.None);

    /// <summary>
    /// What is usual for a series of which each hour that it lived is known: the same hour of the week where it is two weeks old, the same hour of the days where it is three days old, its last hours where it
    /// is one, nothing before.
    /// </summary>
    /// <param name="hours">Sums of whole hours, the newest first: element 0 is the hour before the present one. Hours without anything are 0.</param>
    public static Baseline Of(ReadOnlySpan<double> hours) =>
        hours.Length >= SeasonalBaseline.LeastHours ? SeasonalBaseline.Of(hours)
        : hours.Length >= DailyBaseline.LeastHours ? DailyBaseline.Of(hours)
        : hours.Length >= MovingBaseline.LeastHours ? MovingBaseline.Of(hours) : None;

    /// <summary>
    /// Variance of an hour's rate as a part of its square: what hours vary, without what is due to their being made of single requests, and, where <see cref="LastHour"/> is looked at, without what that foretells. At least
    /// <see cref="LeastVariation"/>.
    /// </summary>
    /// <param name="ofOne">Variance that one request adds, as a part of its mean: 1 of counts.</param>
    public double Variation(double ofOne) => Usual <= 0 ? LeastVariation : Math.Max(LeastVariation, (Kind == BaselineKind.Recent ? 1 : Foretold) * (Spread * Spread - ofOne * Usual) / (Usual * Usual));

    /// <summary>
    /// What is usual in an hour, of a window that ends within this minute of it: within the first <see cref="Turn"/> minutes the hour before counts where it is the larger one, because the window still holds
    /// some of it: the end of a batch each night is no spike.
    /// </summary>
    /// <param name="minute">Minute of the hour, from 0 to 59.</param>
    public double At(int minute) => minute < Turn ? Math.Max(Usual, Before) : Usual;

    private const double LeastVariation = 0.05, Foretold = 1 - LastHour.Memory * LastHour.Memory;

    /// <summary>Minutes of an hour within which the hour before counts: the window, and five minutes for a batch that ends late.</summary>
    private const int Turn = 15;
}
