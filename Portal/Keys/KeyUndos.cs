using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;

namespace AspireGateway.Portal.Keys;

/// <summary>How changes of this folder's things are taken back.</summary>
internal static class KeyUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<UpdateKey, KeyDetails>("virtual_key.update", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, change.Request(ApiJson.Default.UpdateKeyRequest), stop));
}
