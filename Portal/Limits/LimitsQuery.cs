using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Portal.Limits;

/// <summary>Lists limits, newest first.</summary>
public sealed class LimitsQuery(NpgsqlDataSource database)
{
    private const string Select = $"""
        select s.id, s.scope_kind, s.scope_id, s.unit, s.amount, s.period, s.burst, s.on_limit, s.queue_ms, s.downgrade_model, s.created_at, s.created_by, {ScopeSight.Name}
        from limits s
        where {ScopeSight.Condition}
        """;

    /// <summary>A page of those that the actor may see.</summary>
    public async Task<Result<Page<LimitRow>>> RunAsync(Actor actor, ScopeFilter filter, CancellationToken cancellationToken)
    {
        var sight = ScopeSight.Of(actor, Permission.SeeBudgets);
        if (sight.Failure is { } refusal) return refusal;
        if (filter.Fault is { } fault) return fault;
        if (!Cursor.TryRead(filter.After, out var after)) return Cursor.Fault;
        var limit = PageSize.Of(filter.Limit);
        var rows = await database.ReadAsync(
            $"{Select} and {ScopeFilter.Condition} and (@after::uuid is null or s.id < @after) order by s.id desc limit @limit", Row, cancellationToken,
            [.. sight.Value, .. filter.Parameters, Sql.Id("after", after), Sql.Number("limit", limit + 1)]);
        return PageSize.Page(rows, limit, l => l.Id.ToString());
    }

    /// <summary>One limit.</summary>
    public async Task<Result<LimitRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var sight = ScopeSight.Of(actor, Permission.SeeBudgets);
        if (sight.Failure is { } refusal) return refusal;
        var rows = await database.ReadAsync($"{Select} and s.id = @id", Row, cancellationToken, [.. sight.Value, Sql.Id("id", id)]);
        return rows is [var row] ? row : new Failure.NotFound("limit");
    }

    /// <summary>A row to change, locked: the installation's rows are changed under locks of several organisations.</summary>
    internal static async Task<Limit?> FindAsync(GatewayDbContext context, Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var installation = ScopeRights.IsOperator(actor);
        var rows = await context.Limits.FromSql($"select * from limits where id = {id} for update").ToListAsync(cancellationToken);
        return rows.Find(l => l.OrganisationId == actor.OrganisationId || (installation && l.OrganisationId == Guid.Empty));
    }

    private static LimitRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), ScopeKind = r.GetString(1), ScopeId = r.Text(2), Unit = r.GetString(3), Amount = r.GetInt64(4), Period = r.Text(5),
        Burst = r.Nullable<long>(6), OnLimit = r.GetString(7), QueueMs = r.Nullable<int>(8), DowngradeModel = r.Text(9),
        CreatedAt = r.GetFieldValue<DateTimeOffset>(10), CreatedBy = r.GetString(11), ScopeName = r.Text(12),
    };
}
