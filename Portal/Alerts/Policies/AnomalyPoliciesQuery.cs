using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Npgsql;

namespace AspireGateway.Portal.Alerts.Policies;

/// <summary>Lists anomaly policies: the organisation's first, then the newest. For those who see alerts.</summary>
public sealed class AnomalyPoliciesQuery(NpgsqlDataSource database)
{
    private readonly PolicyTable<AnomalyPolicyRow> policies = new(database, "anomaly_policies", Permission.SeeGuardrails, "anomaly policy", Row, p => p.Id);

    /// <summary>A page of the organisation's.</summary>
    public Task<Result<Page<AnomalyPolicyRow>>> RunAsync(Actor actor, string? page, int? size, CancellationToken cancellationToken) => policies.PageAsync(actor, page, size, cancellationToken);

    /// <summary>One policy.</summary>
    public Task<Result<AnomalyPolicyRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken) => policies.OneAsync(actor, id, cancellationToken);

    private static AnomalyPolicyRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), ScopeKind = r.GetString(1), ScopeId = r.Text(2), Settings = JsonSerializer.Deserialize(r.GetString(3), DataJson.Default.AnomalySettings)!,
        CreatedAt = r.GetFieldValue<DateTimeOffset>(4), CreatedBy = r.GetString(5), ScopeName = r.Text(6),
    };
}
