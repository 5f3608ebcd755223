using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit;

namespace AspireGateway.Portal.Organisations;

/// <summary>How changes of this folder's things are taken back.</summary>
internal static class OrganisationUndos
{
    /// <summary>Adds them.</summary>
    public static void Add(IServiceCollection services) => services
        .AddUndo<UpdateOrganisation, OrganisationDetails>("organisation.update", (command, actor, change, stop) =>
            command.RunAsync(actor, change.Request(ApiJson.Default.UpdateOrganisationRequest), stop));
}
