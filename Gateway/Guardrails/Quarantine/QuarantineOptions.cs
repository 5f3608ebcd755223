namespace AspireGateway.Gateway.Guardrails.Quarantine;

/// <summary>Bounds of quarantined requests: <c>Gateway:Quarantine</c>.</summary>
internal sealed class QuarantineOptions
{
    /// <summary>Requests of one organisation that wait for a decision; what comes beyond is blocked. At least 1. Counted before each is written, so many at once may go a few beyond.</summary>
    public int MaxPending { get; set; } = 1_000;

    /// <summary>Largest body that is kept, in bytes, at least 1; a larger request is blocked.</summary>
    public int MaxBodyBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Requests that this gateway keeps or looks up at once, at least 1.</summary>
    public int MaxAtOnce { get; set; } = 8;

    /// <summary>Time for keeping a request or looking up a ticket, in milliseconds, the wait for a turn included; at least 1.</summary>
    public int StoreMs { get; set; } = 2_000;

    /// <summary>What is wrong; null = nothing is.</summary>
    public string? Fault() => MaxPending < 1 || MaxBodyBytes < 1 || MaxAtOnce < 1 || StoreMs < 1 ? "Gateway:Quarantine holds a bound that is less than 1." : null;
}
