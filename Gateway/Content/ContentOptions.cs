namespace AspireGateway.Gateway.Content;

/// <summary>Bounds of keeping texts: <c>Gateway:Content</c>.</summary>
internal sealed class ContentOptions
{
    /// <summary>Most bytes of texts that this gateway holds, of running requests and of those that wait for Postgres together; at least 65,536. What comes beyond is lost and counted, or refused where a policy says so.</summary>
    public long MaxHeldBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Rows of one write, 1 to 1,000.</summary>
    public int BatchRows { get; set; } = 50;

    /// <summary>Time for one write, in milliseconds, at least 1.</summary>
    public int StoreMs { get; set; } = 5_000;

    /// <summary>From a write that failed to the next try, in milliseconds, at least 1.</summary>
    public int RetryMs { get; set; } = 1_000;

    /// <summary>What is wrong; null = nothing is.</summary>
    public string? Fault() =>
        MaxHeldBytes < 65_536 ? "Gateway:Content:MaxHeldBytes must be at least 65,536." : BatchRows is < 1 or > 1_000 ? "Gateway:Content:BatchRows must be 1 to 1,000."
        : StoreMs < 1 || RetryMs < 1 ? "Gateway:Content:StoreMs and RetryMs must be at least 1." : null;
}
