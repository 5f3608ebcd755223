using AspireGateway.Portal.Alerts.Detection;

namespace AspireGateway.Portal.Alerts.Watch;

/// <summary>What one look found of a series.</summary>
/// <param name="Key">The series.</param>
/// <param name="Value">The present value, in the unit of its kind.</param>
/// <param name="Usual">What is usual, in the same unit; 0 = nothing is, or the threshold is fixed.</param>
/// <param name="Judgement">What it means.</param>
/// <param name="Tier">Of <see cref="AlertTiers"/>.</param>
internal sealed record Finding(SeriesKey Key, double Value, double Usual, Judgement Judgement, string Tier = AlertTiers.Page)
{
    /// <summary>The subject's name for people; null = its own.</summary>
    public string? Name { get; init; }

    /// <summary>What it was learned from.</summary>
    public BaselineKind Learned { get; init; }

    /// <summary>From how many hours.</summary>
    public int Samples { get; init; }

    /// <summary>Requests a minute that are usual; 0 = not asked for.</summary>
    public double UsualRate { get; init; }

    /// <summary>Looks in a row that raise it.</summary>
    public int RaiseAfter { get; init; } = Hysteresis.RaiseAfter;
}
