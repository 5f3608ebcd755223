using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Budgets;

/// <summary>Changes a budget. For admins; for team leads on their teams, below the ceiling.</summary>
public sealed class UpdateBudget(ConfigurationWriter writer)
{
    /// <summary>Sets all values that may change.</summary>
    public async Task<Result<BudgetDetails>> RunAsync(Actor actor, Guid id, UpdateBudgetRequest request, CancellationToken cancellationToken)
    {
        var acting = ScopeRights.Acting(actor);
        if (Permissions.Refuse(acting, Permission.ManageBudgets) is { } refusal) return refusal;

        return await writer.WriteAsync<BudgetDetails>(acting, async (write, token) =>
        {
            var budget = await BudgetsQuery.FindAsync(write.Context, acting, id, token);
            if (budget is null) return new Failure.NotFound("budget");
            var target = await ScopeFinder.OfRowAsync(write.Context, actor, budget.OrganisationId, budget.ScopeKind, budget.ScopeId, token);
            if (ScopeRights.Refuse(acting, Permission.ManageBudgets, target) is { } foreign) return foreign;
            var checks = new FieldChecks();
            // Another window or scope would be another budget: what was spent is counted under these, here and in every gateway.
            Stays(checks, "scope_kind", request.ScopeKind, budget.ScopeKind);
            Stays(checks, "scope_id", request.ScopeId, budget.ScopeId);
            Stays(checks, "period", request.Period, budget.Period);
            var settings = BudgetSettings.Read(checks, budget.ScopeKind, request.CapUsd, request.CapNanoUsd, request.OnExceeded, request.DowngradeModel, request.Thresholds);
            if (checks.Failure is { } faults) return faults;
            if (await ModelNames.CheckAsync(write.Context, target.OrganisationId, "downgrade_model", settings.DowngradeModel, token) is { } noModel) return noModel;
            if (budget.ScopeKind == ScopeKinds.Model && settings.DowngradeModel is { } cheaper && cheaper == budget.ScopeId)
                return new Failure.Invalid([new("downgrade_model", "downgrade_model is the budget's model itself.")]);

            var ceiling = await Ceiling.OfBudgetsAsync(write.Context, actor, target, "cap_usd", token);
            var before = BudgetDetails.Of(budget);
            settings.Apply(budget);
            if (await ceiling.CheckAsync([BudgetSettings.BoundOf(budget)], token) is { } over) return over;
            var after = BudgetDetails.Of(budget);
            write.Record("budget.update", ConfigurationKinds.Budget, budget.Id, target.OrganisationId, before, after, DocumentJson.Default.BudgetDetails);
            return after;
        }, cancellationToken);
    }

    private static void Stays(FieldChecks checks, string field, string? asked, string? now) => checks.Must(
        string.IsNullOrWhiteSpace(asked) || string.Equals(asked, now, StringComparison.Ordinal), field,
        $"{field} of a budget cannot be changed: set a new budget, and delete this one.");
}
