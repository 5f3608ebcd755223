using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Limits;

/// <summary>How changes of this folder's things are taken back.</summary>
internal static class LimitUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<DeleteLimit, Done>("limit.create", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop))
        .AddUndo<UpdateLimit, LimitDetails>("limit.update", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, change.Request(ApiJson.Default.UpdateLimitRequest), stop))
        .AddUndo<CreateLimit, LimitDetails>("limit.delete", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.CreateLimitRequest), stop));
}
