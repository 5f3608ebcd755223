using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Pins;

/// <summary>How changes of this folder's things are taken back.</summary>
internal static class PinUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<DeletePin, Done>("pin.create", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop))
        .AddUndo<UpdatePin, PinDetails>("pin.update", (command, actor, change, stop) =>
            command.RunAsync(actor, change.TargetId, change.Request(ApiJson.Default.PinRequest, null, ("deployment_id", "deployment")), stop))
        .AddUndo<CreatePin, PinDetails>("pin.delete", (command, actor, change, stop) =>
            command.RunAsync(actor, change.Request(ApiJson.Default.CreatePinRequest, null, ("deployment_id", "deployment")), stop));
}
