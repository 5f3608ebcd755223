using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Features;

/// <summary>Takes a feature's registration away. For admins, platform engineers and FinOps.</summary>
public sealed class DeleteFeature(ConfigurationWriter writer)
{
    /// <summary>Takes it away. Its requests, limits and budgets stay; in lists it stands without an owner while requests name it.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageFeatures) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var feature = await write.Context.Features.FirstOrDefaultAsync(f => f.Id == id && f.OrganisationId == organisation, token);
            if (feature is null) return new Failure.NotFound("feature");
            write.Context.Features.Remove(feature);
            write.Record("feature.delete", ConfigurationKinds.Feature, id, organisation, FeatureDetails.Of(feature), null, DocumentJson.Default.FeatureDetails);
            return new Done();
        }, cancellationToken);
    }
}
