using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Guardrails;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Tiers;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Organisations;

/// <summary>Creates an organisation. For operators.</summary>
public sealed class CreateOrganisation(ConfigurationWriter writer)
{
    /// <summary>Creates it with the tiers of <see cref="Tier.Templates"/> and a policy that keeps secrets in, else empty.</summary>
    public async Task<Result<OrganisationDetails>> RunAsync(Actor actor, CreateOrganisationRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageOrganisations) is { } refusal) return refusal;
        var checks = new FieldChecks();
        var name = checks.Text("name", request.Name);
        var slug = checks.Slug("slug", string.IsNullOrWhiteSpace(request.Slug) ? FieldChecks.SlugOf(name) : request.Slug);
        var zone = checks.TimeZone("time_zone", request.TimeZone);
        var policy = checks.Choice("store_policy", request.StorePolicy, StorePolicies.All, StorePolicies.Closed);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<OrganisationDetails>(actor, (write, _) =>
        {
            var organisation = new Organisation { Id = write.NewId(), Slug = slug, Name = name, TimeZone = zone, StorePolicy = policy, CreatedAt = write.Now };
            write.Context.Organisations.Add(organisation);
            var after = OrganisationDetails.Of(organisation);
            write.Record("organisation.create", ConfigurationKinds.Organisation, after.Id, after.Id, null, after, DocumentJson.Default.OrganisationDetails);
            TierTemplates.Add(write, organisation.Id);
            GuardrailTemplate.Add(write, organisation.Id, actor.Name);
            return Task.FromResult<Result<OrganisationDetails>>(after);
        }, cancellationToken);
    }
}
