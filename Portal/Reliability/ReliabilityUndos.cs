using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;

namespace AspireGateway.Portal.Reliability;

/// <summary>How changes of this folder's things are taken back.</summary>
internal static class ReliabilityUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<SetModelReliability, ModelReliabilityDetails>("model.reliability", (command, actor, change, stop) =>
            command.RunAsync(actor, change.TargetId, change.Request(ApiJson.Default.ModelReliabilityRequest, "settings"), stop));
}
