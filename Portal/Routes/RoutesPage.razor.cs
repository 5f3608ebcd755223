using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components.Pieces;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Microsoft.AspNetCore.Components;
using Radzen;

namespace AspireGateway.Portal.Routes;

/// <summary>Lists rules and tasks, changes them, and tries requests.</summary>
public sealed partial class RoutesPage
{
    private const string TasksView = "tasks", TryView = "try";

    /// <summary>The view: rules, <c>tasks</c> or <c>try</c>.</summary>
    [SupplyParameterFromQuery(Name = "view")] public string? View { get; set; }

    [Inject] private RulesQuery Rules { get; set; } = null!;

    [Inject] private RouteChoicesQuery Choices { get; set; } = null!;

    [Inject] private UpdateRule Update { get; set; } = null!;

    [Inject] private DeleteRule Delete { get; set; } = null!;

    [Inject] private ReorderRules Reorder { get; set; } = null!;

    [Inject] private DeleteTask DeleteTask { get; set; } = null!;

    [Inject] private Commands Commands { get; set; } = null!;

    [Inject] private DialogService Dialogs { get; set; } = null!;

    [Inject] private NotificationService Notices { get; set; } = null!;

    private string Shown => View is TasksView or TryView ? View : "";

    /// <inheritdoc />
    protected override async Task<Result<RoutesPageData>> LoadAsync(Actor actor, CancellationToken cancellationToken)
    {
        var rules = await Rules.RunAsync(actor, cancellationToken);
        if (rules.Failure is { } noRules) return noRules;
        var tasks = await Rules.TasksAsync(actor, cancellationToken);
        if (tasks.Failure is { } noTasks) return noTasks;
        var choices = await Choices.RunAsync(actor, cancellationToken);
        if (choices.Failure is { } noChoices) return noChoices;
        return new RoutesPageData
        {
            Rules = rules.Value.Items, Tasks = tasks.Value.Items, Choices = choices.Value, MayChange = Permissions.Of(actor, Permission.ManageModels) > Reach.None,
        };
    }

    private bool IsEmpty(RoutesPageData data) => Shown switch { TasksView => data.Tasks.Count == 0, TryView => false, _ => data.Rules.Count == 0 };

    private Task EditRuleAsync(RuleDetails? rule) => OpenAsync<RuleDialog>(
        rule is null ? "Add rule" : $"Edit {rule.Name}", rule is null ? "Rule added" : "Rule saved",
        (nameof(RuleDialog.Rule), rule), (nameof(RuleDialog.Choices), State.Data?.Choices));

    private Task EditTaskAsync(TaskDetails? task) => OpenAsync<TaskDialog>(
        task is null ? "Add task" : $"Edit {task.Name}", task is null ? "Task added" : "Task saved", (nameof(TaskDialog.Current), task));

    private async Task OpenAsync<T>(string title, string done, params (string Name, object? Value)[] parameters) where T : ComponentBase
    {
        if (State.Data is null) return;
        if (await Dialogs.OpenFormAsync<T>(title, parameters.ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal)) is not true) return;
        Notices.Notify(NotificationSeverity.Success, done, "Gateways follow within a second.", 4000);
        await ReloadAsync();
    }

    private async Task DeleteRuleAsync(RuleDetails rule)
    {
        if (await Dialogs.ConfirmAsync($"Delete {rule.Name}", "Requests go by the next rule that holds, within a second. To keep it for later, switch it off instead.", null, "Delete rule"))
            await RunAsync(actor => Delete.RunAsync(actor, rule.Id, PageLeft), $"{rule.Name} deleted");
    }

    private async Task DeleteTaskAsync(TaskDetails task)
    {
        if (await Dialogs.ConfirmAsync($"Delete {task.Name}", "Its requests are told by the classifier again, within a second. Rules that name it hold only where a caller declares it.", null, "Delete task"))
            await RunAsync(actor => DeleteTask.RunAsync(actor, task.Id, PageLeft), $"{task.Name} deleted");
    }

    private Task SwitchAsync(RuleDetails rule) => RunAsync(
        actor => Update.RunAsync(actor, rule.Id, new() { Name = rule.Name, Enabled = !rule.Enabled, When = rule.When, Then = rule.Then }, PageLeft),
        rule.Enabled ? $"{rule.Name} is off" : $"{rule.Name} is on");

    private async Task MoveAsync((RuleDetails Rule, int By) move)
    {
        if (State.Data is not { } data) return;
        var ids = data.Rules.Select(r => r.Id).ToList();
        var at = ids.IndexOf(move.Rule.Id);
        if (at < 0 || at + move.By < 0 || at + move.By >= ids.Count) return;
        (ids[at], ids[at + move.By]) = (ids[at + move.By], ids[at]);
        await RunAsync(actor => Reorder.RunAsync(actor, new() { Ids = ids }, PageLeft), null);
    }

    private async Task RunAsync<T>(Func<Actor, Task<Result<T>>> command, string? done)
    {
        var result = await Commands.RunAsync(command, PageLeft);
        if (result.Failure is { } failure) Notices.Notify(NotificationSeverity.Error, "Nothing was changed", failure.Message, 8000);
        else if (done is not null) Notices.Notify(NotificationSeverity.Success, done, duration: 4000);
        await ReloadAsync();
    }
}
