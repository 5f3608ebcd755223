using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Budgets;

/// <summary>What happened to a budget: raises it was given, thresholds it passed. For those who see the budget.</summary>
public sealed class BudgetHistoryQuery(BudgetsQuery budgets, IDbContextFactory<GatewayDbContext> contexts)
{
    /// <summary>A page of its raises, newest first, expired ones too. Of a default budget, whose share they raise is for those who see the whole organisation.</summary>
    public async Task<Result<Page<BudgetRaiseDetails>>> RaisesAsync(Actor actor, Guid id, string? after, int? limit, CancellationToken cancellationToken)
    {
        var budget = await budgets.OneAsync(actor, id, cancellationToken);
        if (budget.Failure is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var (take, all) = (PageSize.Of(limit), SeesAll(actor));
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.BudgetRaises.AsNoTracking()
            .Where(r => r.BudgetId == id && (all || r.ScopeId == null) && (from == null || r.Id < from))
            .OrderByDescending(r => r.Id).Take(take + 1).ToListAsync(cancellationToken);
        return PageSize.Page(rows.ConvertAll(BudgetRaiseDetails.Of), take, r => r.Id.ToString());
    }

    /// <summary>A page of the thresholds it passed, newest first.</summary>
    public async Task<Result<Page<BudgetEventDetails>>> EventsAsync(Actor actor, Guid id, string? after, int? limit, CancellationToken cancellationToken)
    {
        var budget = await budgets.OneAsync(actor, id, cancellationToken);
        if (budget.Failure is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var (take, all) = (PageSize.Of(limit), SeesAll(actor) || budget.Value.ScopeId is not null);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.BudgetEvents.AsNoTracking()
            .Where(e => e.BudgetId == id && (all || e.ScopeId == "") && (from == null || e.Id < from))
            .OrderByDescending(e => e.Id).Take(take + 1).ToListAsync(cancellationToken);
        return PageSize.Page(rows.ConvertAll(BudgetEventDetails.Of), take, e => e.Id.ToString());
    }

    private static bool SeesAll(Actor actor) => Permissions.Of(actor, Permission.SeeBudgets) == Reach.Organisation;
}
