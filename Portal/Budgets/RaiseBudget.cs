using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Budgets;

/// <summary>Adds to a budget's cap for a while. For admins; for team leads on their teams, below the ceiling.</summary>
public sealed class RaiseBudget(ConfigurationWriter writer)
{
    /// <summary>Longest time of a raise; what is to stay is a higher cap.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromDays(366);

    private const int MaxReason = 500;

    /// <summary>Raises it; it ends by itself.</summary>
    public async Task<Result<BudgetRaiseDetails>> RunAsync(Actor actor, Guid id, RaiseBudgetRequest request, CancellationToken cancellationToken)
    {
        var acting = ScopeRights.Acting(actor);
        if (Permissions.Refuse(acting, Permission.ManageBudgets) is { } refusal) return refusal;
        var checks = new FieldChecks();
        checks.Must(request.AmountUsd is not null || request.AmountNanoUsd is not null, "amount_usd", "amount_usd is required: how much is added to the cap, in dollars.");
        var amount = checks.Money("amount", request.AmountUsd, request.AmountNanoUsd, 1, Budget.MaxCapNanoUsd);
        checks.Must(request.Until is not null, "until", "until is required: when the raise ends.");
        var reason = checks.Text("reason", request.Reason, MaxReason);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<BudgetRaiseDetails>(acting, async (write, token) =>
        {
            if (request.Until <= write.Now || request.Until > write.Now + MaxTime)
                return new Failure.Invalid([new("until", $"until must be in the future, and within {MaxTime.Days} days.")]);
            var budget = await BudgetsQuery.FindAsync(write.Context, acting, id, token);
            if (budget is null) return new Failure.NotFound("budget");
            var share = await ShareAsync(write.Context, actor, budget, request.ScopeId, token);
            if (share.Failure is { } unknown) return unknown;
            if (ScopeRights.Refuse(acting, Permission.ManageBudgets, share.Value) is { } foreign) return foreign;

            var raised = await write.Context.BudgetRaises
                .Where(r => r.BudgetId == id && r.Until > write.Now && (r.ScopeId == null || r.ScopeId == share.Value.Id)).SumAsync(r => r.AmountNanoUsd, token);
            if (budget.CapNanoUsd + (decimal)raised + amount!.Value > Budget.MaxCapNanoUsd)
                return new Failure.Invalid([new("amount_usd", $"With its raises the budget would be above {UsdAmount.Text(Budget.MaxCapNanoUsd)} dollars.")]);
            if (await RefuseLeadAsync(write.Context, actor, share.Value, budget, budget.CapNanoUsd + raised + amount.Value, token) is { } over) return over;

            var raise = new BudgetRaise
            {
                Id = write.NewId(), OrganisationId = budget.OrganisationId, BudgetId = budget.Id, ScopeId = budget.ScopeId is null ? share.Value.Id : null,
                AmountNanoUsd = amount.Value, Until = request.Until!.Value.ToUniversalTime(), Reason = reason, CreatedAt = write.Now, CreatedBy = actor.Name,
            };
            write.Context.BudgetRaises.Add(raise);
            var after = BudgetRaiseDetails.Of(raise);
            // Under the budget's id: gateways load it with its raises, and its story is one.
            write.Record("budget.raise", ConfigurationKinds.Budget, budget.Id, budget.OrganisationId, null, after, DocumentJson.Default.BudgetRaiseDetails);
            return after;
        }, cancellationToken);
    }

    // Whose budget is raised: the budget's own scope, or the one named under a default.
    private static async Task<Result<ScopeTarget>> ShareAsync(GatewayDbContext context, Actor actor, Budget budget, string? scopeId, CancellationToken cancellationToken)
    {
        var named = string.IsNullOrWhiteSpace(scopeId) ? null : scopeId.Trim();
        if (named is null) return await ScopeFinder.OfRowAsync(context, actor, budget.OrganisationId, budget.ScopeKind, budget.ScopeId, cancellationToken);
        if (budget.ScopeId is not null || !ScopeKinds.WithDefaults.Contains(budget.ScopeKind, StringComparer.Ordinal))
            return new Failure.Invalid([new("scope_id", "scope_id is for default budgets only: this one has its scope.")]);
        var checks = new FieldChecks();
        ScopeFinder.Read(checks, budget.ScopeKind, named, BudgetSettings.Kinds);
        if (checks.Failure is { } faults) return faults;
        return await ScopeFinder.FindAsync(context, actor, budget.ScopeKind, named, cancellationToken);
    }

    // A lead raises up to what the team has, and beyond that only what leads gave.
    private static async Task<Failure?> RefuseLeadAsync(
        GatewayDbContext context, Actor actor, ScopeTarget share, Budget budget, long total, CancellationToken cancellationToken)
    {
        if (!ScopeRights.IsLead(actor, Permission.ManageBudgets)) return null;
        var ceiling = await Ceiling.OfBudgetsAsync(context, actor, share, "amount_usd", cancellationToken);
        if (ceiling.Team.FirstOrDefault(t => t.Period == budget.Period) is { } team)
            return total <= team.Amount ? null : new Failure.Invalid([new("amount_usd", $"Its team has {team}: raise it to no more than that.")]);
        var byLead = budget.ScopeId is not null && await Bounds.IsByLeadAsync(context, budget.OrganisationId, budget.CreatedBy, cancellationToken);
        return byLead ? null : new Failure.Forbidden("This budget was set above you: an organisation admin may raise it.");
    }
}
