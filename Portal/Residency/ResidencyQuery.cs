using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Residency;

/// <summary>Lists residency rules, newest first.</summary>
public sealed class ResidencyQuery(NpgsqlDataSource database)
{
    /// <summary>A page of the organisation's.</summary>
    public async Task<Result<Page<ResidencyDetails>>> RunAsync(Actor actor, string? page, int? size, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        if (!Cursor.TryRead(page, out var after)) return Cursor.Fault;
        var limit = PageSize.Of(size);
        var rows = await database.ReadAsync("""
            select id, scope_kind, scope_id, regions, created_at, created_by from residency_rules
            where organisation_id = @organisation and (@after::uuid is null or id < @after) order by id desc limit @limit
            """, r => new ResidencyDetails
            {
                Id = r.GetGuid(0), ScopeKind = r.GetString(1), ScopeId = r.Text(2), Regions = r.GetFieldValue<string[]>(3),
                CreatedAt = r.GetFieldValue<DateTimeOffset>(4), CreatedBy = r.GetString(5),
            }, cancellationToken, Sql.Id("organisation", actor.OrganisationId), Sql.Id("after", after), Sql.Number("limit", limit + 1));
        return PageSize.Page(rows, limit, r => r.Id.ToString());
    }
}
