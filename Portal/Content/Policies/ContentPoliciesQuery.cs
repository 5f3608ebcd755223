using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Npgsql;

namespace AspireGateway.Portal.Content.Policies;

/// <summary>Lists content policies: the organisation's first, then the newest. For those who see guardrails.</summary>
public sealed class ContentPoliciesQuery(NpgsqlDataSource database)
{
    private readonly PolicyTable<ContentPolicyRow> policies = new(database, "content_policies", Permission.SeeGuardrails, "content policy", Row, p => p.Id);

    /// <summary>A page of the organisation's.</summary>
    public Task<Result<Page<ContentPolicyRow>>> RunAsync(Actor actor, string? page, int? size, CancellationToken cancellationToken) => policies.PageAsync(actor, page, size, cancellationToken);

    /// <summary>One policy.</summary>
    public Task<Result<ContentPolicyRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken) => policies.OneAsync(actor, id, cancellationToken);

    private static ContentPolicyRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), ScopeKind = r.GetString(1), ScopeId = r.Text(2), Settings = JsonSerializer.Deserialize(r.GetString(3), DataJson.Default.ContentSettings)!,
        CreatedAt = r.GetFieldValue<DateTimeOffset>(4), CreatedBy = r.GetString(5), ScopeName = r.Text(6),
    };
}
