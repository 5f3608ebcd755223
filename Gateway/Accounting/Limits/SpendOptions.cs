namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>Bounds of this gateway process (<c>Gateway:Spending</c>).</summary>
internal sealed class SpendOptions
{
    /// <summary>Requests that run here at the same time; above seven tenths of it low-priority keys are refused, above nine tenths normal ones; 1 or more.</summary>
    public int MaxConcurrentRequests { get; set; } = 10_000;

    /// <summary>Requests that wait for one limit; 1 or more.</summary>
    public int MaxQueuedPerLimit { get; set; } = 1_000;

    /// <summary>Requests of one key that wait for one limit; 1 or more.</summary>
    public int MaxQueuedPerKey { get; set; } = 200;

    /// <summary>What is wrong; null = nothing.</summary>
    public string? Fault() =>
        MaxConcurrentRequests < 1 ? "Gateway:Spending:MaxConcurrentRequests must be at least 1."
        : MaxQueuedPerLimit < 1 ? "Gateway:Spending:MaxQueuedPerLimit must be at least 1."
        : MaxQueuedPerKey < 1 ? "Gateway:Spending:MaxQueuedPerKey must be at least 1."
        : null;
}
