using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace AspireGateway.Gateway.State;

/// <summary>Readiness by configuration: without any snapshot the gateway cannot serve; with an old one it can, and says how old.</summary>
internal sealed class ConfigurationHealthCheck(SnapshotStatus status) : IHealthCheck
{
    /// <inheritdoc />
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["revision"] = status.Revision,
            ["source"] = status.Source,
            ["store_up"] = status.StoreUp,
            ["faults"] = status.CurrentFaults,
            ["limits"] = status.Limits,
        };
        if (status.Age is { } age) data["age_seconds"] = Math.Round(Math.Max(0, age.TotalSeconds), 1);
        if (status.LastError is { } error) data["last_error"] = error;
        return Task.FromResult(status switch
        {
            { Source: "none" } => HealthCheckResult.Unhealthy("no configuration yet: Postgres was not read and there is no last-good copy", data: data),
            { Source: "disk" } => HealthCheckResult.Degraded("serving from the last-good copy on disk; Postgres was not read yet", data: data),
            { StoreUp: false } => HealthCheckResult.Degraded("serving from memory; changes do not arrive", data: data),
            { CurrentFaults: > 0 } => HealthCheckResult.Degraded("parts of the configuration cannot serve; the log names them", data: data),
            _ => HealthCheckResult.Healthy(data: data),
        });
    }
}
