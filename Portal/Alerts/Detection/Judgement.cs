namespace AspireGateway.Portal.Alerts.Detection;

/// <summary>What one look at a series says.</summary>
/// <param name="Threshold">From which value on it would be unusual, in the unit of the value.</param>
/// <param name="IsAbove">Whether it is, with enough requests to tell.</param>
/// <param name="IsCalm">Whether it is below <see cref="Hysteresis.CalmBelow"/> of the threshold.</param>
internal readonly record struct Judgement(double Threshold, bool IsAbove, bool IsCalm)
{
    /// <summary>Against a threshold that does not change.</summary>
    public static Judgement Of(double value, double threshold) => new(threshold, value >= threshold, value < Hysteresis.CalmBelow * threshold);
}
