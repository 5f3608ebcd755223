using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.KillSwitches;

/// <summary>Lists what is stopped, newest first. For those who may stop, and those who see limits.</summary>
public sealed class KillSwitchesQuery(NpgsqlDataSource database, TimeProvider clock)
{
    // What a policy stopped stands beside what a person did: whoever looks for what is stopped finds both.
    private const string Stopped = $"""
        (select k.id, k.organisation_id, k.scope_kind, k.scope_id, k.reason, k.created_at, k.created_by, null::timestamptz as until from kill_switches k
            union all
            select b.id, b.organisation_id, 'key', b.key_id::text, b.reason, b.created_at, '{ApplyPolicies.Watch}', b.until from key_brakes b where b.kind = 'stop' and {KeyBrakeDetails.Holds})
        """;

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
            select s.id, s.scope_kind, s.scope_id, s.reason, s.created_at, s.created_by, {ScopeSight.Name}, s.until
            from {Stopped} s
            where {ScopeSight.Condition} and {ScopeFilter.Condition} and (@after::uuid is null or s.id < @after) order by s.id desc limit @limit
            """, r => new KillSwitchRow
            {
                Id = r.GetGuid(0), ScopeKind = r.GetString(1), ScopeId = r.Text(2), Reason = r.GetString(3), CreatedAt = r.GetFieldValue<DateTimeOffset>(4),
                CreatedBy = r.GetString(5), ScopeName = r.Text(6), Until = r.Nullable<DateTimeOffset>(7),
            }, cancellationToken, [.. sight.Value, .. filter.Parameters, Sql.Id("after", after), Sql.Number("limit", limit + 1), Sql.Time("now", clock.GetUtcNow())]);
        return PageSize.Page(rows, limit, k => k.Id.ToString());
    }
}
