using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Deployments;

/// <summary>How changes of this folder's things are taken back.</summary>
internal static class DeploymentUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<DeleteDeployment, Done>("deployment.create", (command, actor, change, stop) => command.RunAsync(actor, change.TargetId, stop))
        .AddUndo<UpdateDeployment, DeploymentDetails>("deployment.update", (command, actor, change, stop) =>
            command.RunAsync(actor, change.TargetId, change.Request(ApiJson.Default.UpdateDeploymentRequest, null, ("credential_id", null)), stop))
        .AddUndo<UpdateDeployment, DeploymentDetails>("deployment.enable", (command, actor, change, stop) => command.EnableAsync(actor, change.TargetId, false, stop))
        .AddUndo<UpdateDeployment, DeploymentDetails>("deployment.disable", (command, actor, change, stop) => command.EnableAsync(actor, change.TargetId, true, stop));
}
