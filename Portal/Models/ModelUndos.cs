using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Models;

/// <summary>How changes of this folder's things are taken back.</summary>
internal static class ModelUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<DeleteModel, Done>("model.create", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop))
        .AddUndo<UpdateModel, ModelDetails>("model.update", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, change.Request(ApiJson.Default.ModelRequest), stop))
        .AddUndo<CreateModel, ModelDetails>("model.delete", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.ModelRequest), stop));
}
