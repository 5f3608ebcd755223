using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Budgets;

/// <summary>Takes a budget away, with its raises and events. For admins; for team leads those of their teams that leads set, or that the team's own still bounds.</summary>
public sealed class DeleteBudget(ConfigurationWriter writer)
{
    /// <summary>Deletes it; the default of its kind, where there is one, holds again.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var acting = ScopeRights.Acting(actor);
        if (Permissions.Refuse(acting, Permission.ManageBudgets) is { } refusal) return refusal;

        return await writer.WriteAsync<Done>(acting, async (write, token) =>
        {
            var budget = await BudgetsQuery.FindAsync(write.Context, acting, id, token);
            if (budget is null) return new Failure.NotFound("budget");
            var target = await ScopeFinder.OfRowAsync(write.Context, actor, budget.OrganisationId, budget.ScopeKind, budget.ScopeId, token);
            if (ScopeRights.Refuse(acting, Permission.ManageBudgets, target) is { } foreign) return foreign;
            var ceiling = await Ceiling.OfBudgetsAsync(write.Context, actor, target, "id", token);
            write.Context.Budgets.Remove(budget);
            if (await ceiling.CheckAsync([], token) is { } over) return over;
            write.Record<BudgetDetails>(
                "budget.delete", ConfigurationKinds.Budget, id, target.OrganisationId, BudgetDetails.Of(budget), null, DocumentJson.Default.BudgetDetails);
            return new Done();
        }, cancellationToken);
    }
}
