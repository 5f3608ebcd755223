using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Scopes;
using Radzen;

namespace AspireGateway.Portal.Budgets;

/// <summary>The dialogs that change budgets, for the list and for a budget's own page.</summary>
public sealed class BudgetForms(DialogService dialogs, NotificationService notices, Commands commands, DeleteBudget delete)
{
    /// <summary>Sets a new budget, or changes one.</summary>
    /// <returns>Whether something was saved.</returns>
    public async Task<bool> EditAsync(BudgetRow? budget, ScopeChoices choices, string? kind = null, string? scope = null)
    {
        var saved = await dialogs.OpenFormAsync<BudgetDialog>(
            budget is null ? "Set budget" : $"Edit {NameOf(budget)}",
            new(StringComparer.Ordinal) { [nameof(BudgetDialog.Budget)] = budget, [nameof(BudgetDialog.Choices)] = choices, [nameof(BudgetDialog.ScopeKind)] = kind, [nameof(BudgetDialog.ScopeId)] = scope });
        return Said(saved, budget is null ? "Budget set" : "Budget saved");
    }

    /// <summary>Raises one for a while.</summary>
    /// <returns>Whether it was raised.</returns>
    public async Task<bool> RaiseAsync(BudgetStanding standing) => Said(
        await dialogs.OpenFormAsync<RaiseDialog>($"Raise {NameOf(standing.Budget)}", new(StringComparer.Ordinal) { [nameof(RaiseDialog.Standing)] = standing }), "Budget raised");

    /// <summary>Asks, then deletes one.</summary>
    /// <returns>Whether it is gone, or may be.</returns>
    public async Task<bool> DeleteAsync(BudgetRow budget)
    {
        var sure = await dialogs.ConfirmAsync(
            $"Delete {NameOf(budget)}",
            "Requests are no longer held to it within a second; its raises and the history of its thresholds go with it. What was spent stays in the request log, and counts again if a budget of this period is set anew.",
            "delete", "Delete budget");
        if (!sure) return false;
        var result = await commands.RunAsync(actor => delete.RunAsync(actor, budget.Id, CancellationToken.None));
        if (result.Failure is { } failure) notices.Notify(NotificationSeverity.Error, "Nothing was deleted", failure.Message, 8000);
        else notices.Notify(NotificationSeverity.Success, "Budget deleted", duration: 4000);
        return true;
    }

    /// <summary>A budget within a sentence.</summary>
    public static string NameOf(BudgetDetails budget) =>
        $"the {budget.Period} budget of {ScopeWords.Within(budget.ScopeKind, budget.ScopeId, (budget as BudgetRow)?.ScopeName)}";

    private bool Said(object? saved, string done)
    {
        if (saved is not true) return false;
        notices.Notify(NotificationSeverity.Success, done, "Gateways hold to it within a second.", 4000);
        return true;
    }
}
