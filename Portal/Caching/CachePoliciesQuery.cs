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
    private const string Select = $"""
        select s.id, s.scope_kind, s.scope_id, s.settings::text, s.created_at, s.created_by, {ScopeSight.Name}
        from cache_policies s where s.organisation_id = @organisation
        """;

    /// <summary>A page of the organisation's.</summary>
    public async Task<Result<Page<CachePolicyRow>>> RunAsync(Actor actor, string? page, int? size, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        if (!Cursor.TryRead(page, out var after)) return Cursor.Fault;
        var limit = PageSize.Of(size);
        // The organisation's own stands before the first page's others, whenever it was set.
        var rows = await database.ReadAsync(
            $"""
            {Select} and (@after::uuid is null or (s.scope_id is not null and (s.id < @after or exists (select 1 from cache_policies f where f.id = @after and f.scope_id is null and f.organisation_id = @organisation))))
            order by (s.scope_id is null) desc, s.id desc limit @limit
            """, Row, cancellationToken,
            Sql.Id("organisation", actor.OrganisationId), Sql.Id("after", after), Sql.Number("limit", limit + 1));
        return PageSize.Page(rows, limit, p => p.Id.ToString());
    }

    /// <summary>One policy.</summary>
    public async Task<Result<CachePolicyRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        var rows = await database.ReadAsync($"{Select} and s.id = @id", Row, cancellationToken, Sql.Id("organisation", actor.OrganisationId), Sql.Id("id", id));
        return rows is [var row] ? row : new Failure.NotFound("cache policy");
    }

    private static CachePolicyRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), ScopeKind = r.GetString(1), ScopeId = r.Text(2), Settings = JsonSerializer.Deserialize(r.GetString(3), DataJson.Default.CacheSettings)!,
        CreatedAt = r.GetFieldValue<DateTimeOffset>(4), CreatedBy = r.GetString(5), ScopeName = r.Text(6),
    };
}
