using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.KillSwitches;

/// <summary>Lists what is stopped, newest first. For those who may stop, and those who see limits.</summary>
public sealed class KillSwitchesQuery(NpgsqlDataSource database)
{
    /// <summary>A page of those that the actor may see.</summary>
    public async Task<Result<Page<KillSwitchRow>>> RunAsync(Actor actor, ScopeFilter filter, CancellationToken cancellationToken)
    {
        var permission = Permissions.Of(actor, Permission.ThrowKillSwitch) >= Permissions.Of(actor, Permission.SeeBudgets) ? Permission.ThrowKillSwitch : Permission.SeeBudgets;
        var sight = ScopeSight.Of(actor, permission);
        if (sight.Failure is { } refusal) return refusal;
        if (filter.Fault is { } fault) return fault;
        if (!Cursor.TryRead(filter.After, out var after)) return Cursor.Fault;
        var limit = PageSize.Of(filter.Limit);
        var rows = await database.ReadAsync($"""
            select s.id, s.scope_kind, s.scope_id, s.reason, s.created_at, s.created_by, {ScopeSight.Name}
            from kill_switches s
            where {ScopeSight.Condition} and {ScopeFilter.Condition} and (@after::uuid is null or s.id < @after) order by s.id desc limit @limit
            """, r => new KillSwitchRow
            {
                Id = r.GetGuid(0), ScopeKind = r.GetString(1), ScopeId = r.Text(2), Reason = r.GetString(3), CreatedAt = r.GetFieldValue<DateTimeOffset>(4),
                CreatedBy = r.GetString(5), ScopeName = r.Text(6),
            }, cancellationToken, [.. sight.Value, .. filter.Parameters, Sql.Id("after", after), Sql.Number("limit", limit + 1)]);
        return PageSize.Page(rows, limit, k => k.Id.ToString());
    }
}
