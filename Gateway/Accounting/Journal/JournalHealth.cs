using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>Health check <c>journal</c>: unhealthy while it takes no requests, degraded while many records wait for Postgres.</summary>
internal sealed class JournalHealth(UsageJournal journal, UsageJournalStatus status) : IHealthCheck
{
    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["depth"] = status.Depth,
            ["open"] = status.OpenCount,
            ["bytes"] = status.Bytes,
            ["oldest_seconds"] = Math.Round(status.OldestPendingAge.TotalSeconds, 1),
            ["shipped"] = status.ShippedCount,
            ["rejected"] = status.RejectedCount,
            ["store_up"] = status.IsStoreUp ?? false,
        };
        return Task.FromResult(
            !status.IsAccepting ? HealthCheckResult.Unhealthy("The usage journal has no room; new requests are refused.", data: data)
            : status.Depth > journal.Options.DegradedDepth ? HealthCheckResult.Degraded($"{status.Depth} usage records wait for Postgres.", data: data)
            : HealthCheckResult.Healthy(data: data));
    }
}
