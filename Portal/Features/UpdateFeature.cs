using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Features;

/// <summary>Changes what a registered feature is for and who answers for it. For admins, platform engineers and FinOps.</summary>
public sealed class UpdateFeature(ConfigurationWriter writer)
{
    /// <summary>Sets all values that may change.</summary>
    public async Task<Result<FeatureDetails>> RunAsync(Actor actor, Guid id, UpdateFeatureRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageFeatures) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var description = checks.Optional("description", request.Description, CreateFeature.MaxDescription);
        var given = FeatureOwner.Read(checks, request.OwnerId, request.OwnerEmail);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<FeatureDetails>(actor, async (write, token) =>
        {
            var feature = await write.Context.Features.FirstOrDefaultAsync(f => f.Id == id && f.OrganisationId == organisation, token);
            if (feature is null) return new Failure.NotFound("feature");
            var owner = await given.FindAsync(write.Context, organisation, token);
            if (owner.Failure is { } unknown) return unknown;
            var before = FeatureDetails.Of(feature);
            (feature.Description, feature.OwnerId, feature.OwnerEmail) = (description, owner.Value.UserId, owner.Value.Email);
            var after = FeatureDetails.Of(feature);
            if (after == before) return after;
            write.Record("feature.update", ConfigurationKinds.Feature, id, organisation, before, after, DocumentJson.Default.FeatureDetails);
            return after;
        }, cancellationToken);
    }
}
