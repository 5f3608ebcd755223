using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Budgets;

/// <summary>Sets a budget on a scope. For admins; for team leads on their teams, below the ceiling.</summary>
public sealed class CreateBudget(ConfigurationWriter writer)
{
    /// <summary>Sets it; what was spent in its window before counts too.</summary>
    public async Task<Result<BudgetDetails>> RunAsync(Actor actor, CreateBudgetRequest request, CancellationToken cancellationToken)
    {
        var acting = ScopeRights.Acting(actor, request.ScopeKind);
        if (Permissions.Refuse(acting, Permission.ManageBudgets) is { } refusal) return refusal;
        var checks = new FieldChecks();
        var (kind, id) = ScopeFinder.Read(checks, request.ScopeKind, request.ScopeId, BudgetSettings.Kinds);
        var period = checks.Choice("period", request.Period, BudgetPeriods.All);
        var settings = BudgetSettings.Read(checks, kind, request.CapUsd, request.CapNanoUsd, request.OnExceeded, request.DowngradeModel, request.Thresholds);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<BudgetDetails>(acting, async (write, token) =>
        {
            var found = await ScopeFinder.FindAsync(write.Context, actor, kind, id, token);
            if (found.Failure is { } unknown) return unknown;
            var target = found.Value;
            if (ScopeRights.Refuse(acting, Permission.ManageBudgets, target) is { } foreign) return foreign;
            if (await ModelNames.CheckAsync(write.Context, target.OrganisationId, "downgrade_model", settings.DowngradeModel, token) is { } noModel) return noModel;
            if (kind == ScopeKinds.Model && settings.DowngradeModel is { } cheaper && cheaper == target.Id)
                return new Failure.Invalid([new("downgrade_model", "downgrade_model is the budget's model itself.")]);
            if (await write.Context.Budgets.AnyAsync(
                b => b.OrganisationId == target.OrganisationId && b.ScopeKind == kind && b.ScopeId == target.Id && b.Period == period, token))
                return new Failure.Conflict("The scope has a budget of this period already. Change that one.", "period");

            var ceiling = await Ceiling.OfBudgetsAsync(write.Context, actor, target, "cap_usd", token);
            var budget = new Budget
            {
                Id = write.NewId(), OrganisationId = target.OrganisationId, ScopeKind = kind, ScopeId = target.Id, Period = period,
                CreatedAt = write.Now, CreatedBy = actor.Name,
            };
            settings.Apply(budget);
            write.Context.Budgets.Add(budget);
            if (await ceiling.CheckAsync([BudgetSettings.BoundOf(budget)], token) is { } over) return over;
            var after = BudgetDetails.Of(budget);
            write.Record("budget.create", ConfigurationKinds.Budget, budget.Id, target.OrganisationId, null, after, DocumentJson.Default.BudgetDetails);
            return after;
        }, cancellationToken);
    }
}
