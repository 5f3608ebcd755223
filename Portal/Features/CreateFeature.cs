using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Features;

/// <summary>Registers a feature: says what it is for and who answers for it. For admins, platform engineers and FinOps.</summary>
public sealed class CreateFeature(ConfigurationWriter writer)
{
    /// <summary>Longest description, in characters.</summary>
    internal const int MaxDescription = 500;

    /// <summary>Registers it. Requests need not have named it yet.</summary>
    public async Task<Result<FeatureDetails>> RunAsync(Actor actor, CreateFeatureRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageFeatures) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var name = checks.Text("name", request.Name, ScopeFinder.MaxName);
        var description = checks.Optional("description", request.Description, MaxDescription);
        var given = FeatureOwner.Read(checks, request.OwnerId, request.OwnerEmail);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<FeatureDetails>(actor, async (write, token) =>
        {
            if (await write.Context.Features.AnyAsync(f => f.OrganisationId == organisation && f.Name == name, token))
                return new Failure.Conflict("A feature with this name is registered already. Change that one.", "name");
            var owner = await given.FindAsync(write.Context, organisation, token);
            if (owner.Failure is { } unknown) return unknown;
            var feature = new RegisteredFeature
            {
                Id = write.NewId(), OrganisationId = organisation, Name = name, Description = description, OwnerId = owner.Value.UserId, OwnerEmail = owner.Value.Email, CreatedAt = write.Now, CreatedBy = actor.Name,
            };
            write.Context.Features.Add(feature);
            var after = FeatureDetails.Of(feature);
            write.Record("feature.create", ConfigurationKinds.Feature, feature.Id, organisation, null, after, DocumentJson.Default.FeatureDetails);
            return after;
        }, cancellationToken);
    }
}
