using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Portal.Budgets;

/// <summary>Lists budgets, newest first.</summary>
public sealed class BudgetsQuery(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Most budgets that are told for several scopes at once: each scope of the longest page has at most one of each period.</summary>
    internal const int MaxOfScopes = 4 * PageSize.Max;

    private const string Select = $"""
        select s.id, s.scope_kind, s.scope_id, s.period, s.cap_nano_usd, s.on_exceeded, s.downgrade_model, s.thresholds, s.created_at, s.created_by, {ScopeSight.Name},
            (select coalesce(sum(r.amount_nano_usd), 0)::bigint from budget_raises r where r.budget_id = s.id and r.until > @now and r.scope_id is null)
        from budgets s
        where {ScopeSight.Condition}
        """;

    /// <summary>A page of those that the actor may see.</summary>
    public async Task<Result<Page<BudgetRow>>> RunAsync(Actor actor, ScopeFilter filter, CancellationToken cancellationToken)
    {
        var sight = ScopeSight.Of(actor, Permission.SeeBudgets);
        if (sight.Failure is { } refusal) return refusal;
        if (filter.Fault is { } fault) return fault;
        if (!Cursor.TryRead(filter.After, out var after)) return Cursor.Fault;
        var limit = PageSize.Of(filter.Limit);
        var rows = await database.ReadAsync(
            $"{Select} and {ScopeFilter.Condition} and (@after::uuid is null or s.id < @after) order by s.id desc limit @limit", Row, cancellationToken,
            [.. sight.Value, .. filter.Parameters, Sql.Id("after", after), Sql.Number("limit", limit + 1), Sql.Time("now", clock.GetUtcNow())]);
        return PageSize.Page(rows, limit, b => b.Id.ToString());
    }

    /// <summary>One budget.</summary>
    public async Task<Result<BudgetRow>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var sight = ScopeSight.Of(actor, Permission.SeeBudgets);
        if (sight.Failure is { } refusal) return refusal;
        var rows = await database.ReadAsync($"{Select} and s.id = @id", Row, cancellationToken, [.. sight.Value, Sql.Id("id", id), Sql.Time("now", clock.GetUtcNow())]);
        return rows is [var row] ? row : new Failure.NotFound("budget");
    }

    /// <summary>Those that are set on these scopes of a kind by themselves, as far as the actor may see them; at most <see cref="MaxOfScopes"/>.</summary>
    internal async Task<Result<List<BudgetRow>>> OfAsync(Actor actor, string kind, string[] ids, CancellationToken cancellationToken)
    {
        var sight = ScopeSight.Of(actor, Permission.SeeBudgets);
        if (sight.Failure is { } refusal) return refusal;
        return await database.ReadAsync(
            $"{Select} and s.scope_kind = @kind and s.scope_id = any(@ids) order by s.id desc limit @limit", Row, cancellationToken,
            [.. sight.Value, Sql.Text("kind", kind), new("ids", ids), Sql.Number("limit", MaxOfScopes), Sql.Time("now", clock.GetUtcNow())]);
    }

    /// <summary>A row to change, locked: the installation's rows are changed under locks of several organisations.</summary>
    internal static async Task<Budget?> FindAsync(GatewayDbContext context, Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var installation = ScopeRights.IsOperator(actor);
        var rows = await context.Budgets.FromSql($"select * from budgets where id = {id} for update").ToListAsync(cancellationToken);
        return rows.Find(b => b.OrganisationId == actor.OrganisationId || (installation && b.OrganisationId == Guid.Empty));
    }

    private static BudgetRow Row(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), ScopeKind = r.GetString(1), ScopeId = r.Text(2), Period = r.GetString(3), CapNanoUsd = r.GetInt64(4), CapUsd = UsdAmount.Text(r.GetInt64(4)),
        OnExceeded = r.GetString(5), DowngradeModel = r.Text(6), Thresholds = r.GetFieldValue<int[]>(7), CreatedAt = r.GetFieldValue<DateTimeOffset>(8),
        CreatedBy = r.GetString(9), ScopeName = r.Text(10), RaisedNanoUsd = r.GetInt64(11), RaisedUsd = UsdAmount.Text(r.GetInt64(11)),
    };
}
