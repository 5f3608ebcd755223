using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Models;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Organisations;

/// <summary>Changes the organisation that the actor acts in. For operators and its admins.</summary>
public sealed class UpdateOrganisation(ConfigurationWriter writer)
{
    /// <summary>Sets all values that may change.</summary>
    public async Task<Result<OrganisationDetails>> RunAsync(Actor actor, UpdateOrganisationRequest request, CancellationToken cancellationToken)
    {
        // Who may shape its teams may shape the organisation.
        if (Permissions.Refuse(actor, Permission.ManageTeams) is { } refusal) return refusal;
        var checks = new FieldChecks();
        var name = checks.Text("name", request.Name);
        var zone = checks.TimeZone("time_zone", request.TimeZone);
        var model = checks.ModelReference("default_model", request.DefaultModel);
        var policy = checks.Choice("store_policy", request.StorePolicy, StorePolicies.All, StorePolicies.Closed);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<OrganisationDetails>(actor, async (write, token) =>
        {
            var organisation = await write.Context.Organisations.FirstOrDefaultAsync(o => o.Id == actor.OrganisationId, token);
            if (organisation is null) return new Failure.NotFound("organisation");
            if (await ModelNames.CheckAsync(write.Context, organisation.Id, "default_model", model, token) is { } unknown) return unknown;

            var before = OrganisationDetails.Of(organisation);
            (organisation.Name, organisation.TimeZone, organisation.DefaultModel, organisation.StorePolicy) = (name, zone, model, policy);
            var after = OrganisationDetails.Of(organisation);
            if (after == before) return after;
            write.Record("organisation.update", ConfigurationKinds.Organisation, after.Id, after.Id, before, after, DocumentJson.Default.OrganisationDetails);
            return after;
        }, cancellationToken);
    }
}
