using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Routes;

/// <summary>How changes of this folder's things are taken back.</summary>
internal static class RouteUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<DeleteRule, Done>("rule.create", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop))
        .AddUndo<UpdateRule, RuleDetails>("rule.update", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, change.Request(ApiJson.Default.RuleRequest), stop))
        .AddUndo<CreateRule, RuleDetails>("rule.delete", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.RuleRequest), stop))
        .AddUndo<DeleteTask, Done>("task.create", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop))
        .AddUndo<UpdateTask, TaskDetails>("task.update", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, change.Request(ApiJson.Default.TaskRequest), stop))
        .AddUndo<CreateTask, TaskDetails>("task.delete", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.TaskRequest), stop));
}
