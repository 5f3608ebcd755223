using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Caching;

/// <summary>How changes of this folder's things are taken back.</summary>
internal static class CacheUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<DeleteCachePolicy, Done>("cache.create", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop))
        .AddUndo<SetCachePolicy, CachePolicyDetails>("cache.update", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.SetCachePolicyRequest), stop))
        .AddUndo<SetCachePolicy, CachePolicyDetails>("cache.delete", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.SetCachePolicyRequest), stop));
}
