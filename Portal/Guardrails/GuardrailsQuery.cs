using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Npgsql;

namespace AspireGateway.Portal.Guardrails;

/// <summary>Lists guardrail policies: the organisation's first, then the newest.</summary>
public sealed class GuardrailsQuery(NpgsqlDataSource database)
{
    private readonly PolicyTable<GuardrailRow> policies = new(database, "guardrail_policies", Permission.SeeGuardrails, "guardrail policy", Row, p => p.Id);

    /// <summary>A page of the organisation's.</summary>
    public Task<Result<Page<GuardrailRow>>> RunAsync(Actor actor, string? page, int? size, CancellationToken cancellationToken) => policies.PageAsync(actor, page, size, cancellationToken);

    /// <summary>One policy.</summary>
    public Task<Result<GuardrailRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken) => policies.OneAsync(actor, id, cancellationToken);

    private static GuardrailRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), ScopeKind = r.GetString(1), ScopeId = r.Text(2), Settings = JsonSerializer.Deserialize(r.GetString(3), DataJson.Default.GuardrailSettings)!,
        CreatedAt = r.GetFieldValue<DateTimeOffset>(4), CreatedBy = r.GetString(5), ScopeName = r.Text(6),
    };
}
