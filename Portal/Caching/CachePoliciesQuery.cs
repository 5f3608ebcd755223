using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Npgsql;

namespace AspireGateway.Portal.Caching;

/// <summary>Lists cache policies: the organisation's first, then the newest.</summary>
public sealed class CachePoliciesQuery(NpgsqlDataSource database)
{
    private readonly PolicyTable<CachePolicyRow> policies = new(database, "cache_policies", Permission.SeeModels, "cache policy", Row, p => p.Id);

    /// <summary>A page of the organisation's.</summary>
    public Task<Result<Page<CachePolicyRow>>> RunAsync(Actor actor, string? page, int? size, CancellationToken cancellationToken) => policies.PageAsync(actor, page, size, cancellationToken);

    /// <summary>One policy.</summary>
    public Task<Result<CachePolicyRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken) => policies.OneAsync(actor, id, cancellationToken);

    private static CachePolicyRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), ScopeKind = r.GetString(1), ScopeId = r.Text(2), Settings = JsonSerializer.Deserialize(r.GetString(3), DataJson.Default.CacheSettings)!,
        CreatedAt = r.GetFieldValue<DateTimeOffset>(4), CreatedBy = r.GetString(5), ScopeName = r.Text(6),
    };
}
