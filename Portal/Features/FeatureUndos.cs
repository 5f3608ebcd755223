using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Features;

/// <summary>How changes of this folder's things are taken back.</summary>
internal static class FeatureUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<DeleteFeature, Done>("feature.create", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop))
        .AddUndo<UpdateFeature, FeatureDetails>("feature.update", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, change.Request(ApiJson.Default.UpdateFeatureRequest), stop))
        .AddUndo<CreateFeature, FeatureDetails>("feature.delete", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.CreateFeatureRequest), stop));
}
