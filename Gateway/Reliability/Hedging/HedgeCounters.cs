using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Reliability.Hedging;

/// <summary>How often hedges were due, and what became of them.</summary>
internal sealed class HedgeCounters
{
    /// <summary>Second attempts that began.</summary>
    public Counter Started { get; } = new();

    /// <summary>Those that answered before the first one did.</summary>
    public Counter Won { get; } = new();

    /// <summary>Those that were due and not begun, because the model had used up its share.</summary>
    public Counter Spared { get; } = new();
}
