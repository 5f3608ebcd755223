using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Budgets;

/// <summary>How changes of this folder's things are taken back.</summary>
internal static class BudgetUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<DeleteBudget, Done>("budget.create", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop))
        .AddUndo<UpdateBudget, BudgetDetails>("budget.update", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, change.Request(ApiJson.Default.UpdateBudgetRequest), stop))
        .AddUndo<CreateBudget, BudgetDetails>("budget.delete", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.CreateBudgetRequest), stop));
}
