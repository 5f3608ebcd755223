using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Residency;

/// <summary>How changes of this folder's things are taken back.</summary>
internal static class ResidencyUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<DeleteResidency, Done>("residency.create", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop))
        .AddUndo<SetResidency, ResidencyDetails>("residency.update", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.SetResidencyRequest), stop))
        .AddUndo<SetResidency, ResidencyDetails>("residency.delete", (command, actor, change, stop) => command.RunAsync(actor, change.Request(ApiJson.Default.SetResidencyRequest), stop));
}
