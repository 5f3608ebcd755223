using AspireGateway.Gateway.Accounting.Limits;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>Health check <c>ledger</c>: degraded while limits and budgets cannot be asked, are being rebuilt, or stand in a server that may evict them.</summary>
internal sealed class LedgerHealth(Ledger ledger, RequestQueue queue) : IHealthCheck
{
    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = ledger.Status;
        var tenants = ledger.Tenants.ToList();
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["store"] = ledger.IsShared ? "redis" : "process",
            ["queued"] = queue.Depth,
            ["unconfirmed"] = tenants.Sum(tenant => tenant.Count),
            ["rebuilding"] = ledger.IsShared ? tenants.Count(tenant => tenant.Epoch is null) : 0,
        };
        if (status is not null) data["maxmemory_policy"] = status.MaxMemoryPolicy;
        return Task.FromResult(
            status is { IsUp: false } ? HealthCheckResult.Degraded($"Redis is away ({status.LastFault}); limited requests follow their organisation's policy.", data: data)
            : ledger.Fault is { } fault ? HealthCheckResult.Degraded($"Redis refuses reservations ({fault}); limited requests follow their organisation's policy.", data: data)
            : status is { MaxMemoryPolicy: not ("" or "noeviction") } ? HealthCheckResult.Degraded("maxmemory-policy must be noeviction: under memory pressure this server drops holds and budgets.", data: data)
            : (int)data["rebuilding"] > 0 ? HealthCheckResult.Degraded("Ledgers are being opened.", data: data)
            : HealthCheckResult.Healthy(data: data));
    }
}
