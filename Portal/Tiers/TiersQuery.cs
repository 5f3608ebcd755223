using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Portal.Tiers;

/// <summary>Lists tiers and who has them.</summary>
public sealed class TiersQuery(IDbContextFactory<GatewayDbContext> contexts, NpgsqlDataSource database)
{
    /// <summary>A page of the organisation's tiers, oldest first.</summary>
    public async Task<Result<Page<TierDetails>>> RunAsync(Actor actor, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeBudgets) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Tiers.AsNoTracking()
            .Where(t => t.OrganisationId == actor.OrganisationId && (from == null || t.Id > from))
            .OrderBy(t => t.Id).Take(take + 1).ToListAsync(cancellationToken);
        return PageSize.Page(rows.ConvertAll(TierDetails.Of), take, t => t.Id.ToString());
    }

    /// <summary>A page of the assignments that the actor may see, newest first.</summary>
    public async Task<Result<Page<TierAssignmentRow>>> AssignmentsAsync(Actor actor, ScopeFilter filter, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeBudgets) is { } refusal) return refusal;
        var sight = ScopeSight.Of(actor, Permission.SeeBudgets);
        if (sight.Failure is { } blind) return blind;
        if (filter.Fault is { } fault) return fault;
        if (!Cursor.TryRead(filter.After, out var after)) return Cursor.Fault;
        var limit = PageSize.Of(filter.Limit);
        var rows = await database.ReadAsync($"""
            select s.id, s.scope_kind, s.scope_id, s.tier_id, x.name, {ScopeSight.Name}
            from tier_assignments s join tiers x on x.id = s.tier_id
            where {ScopeSight.Condition} and {ScopeFilter.Condition} and (@after::uuid is null or s.id < @after) order by s.id desc limit @limit
            """, r => new TierAssignmentRow
            {
                Id = r.GetGuid(0), ScopeKind = r.GetString(1), ScopeId = r.Text(2), TierId = r.GetGuid(3), TierName = r.GetString(4), ScopeName = r.Text(5),
            }, cancellationToken, [.. sight.Value, .. filter.Parameters, Sql.Id("after", after), Sql.Number("limit", limit + 1)]);
        return PageSize.Page(rows, limit, a => a.Id.ToString());
    }
}
