using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Tiers;

/// <summary>Makes a tier. For operators and organisation admins.</summary>
public sealed class CreateTier(ConfigurationWriter writer)
{
    /// <summary>Makes it; nobody has it yet.</summary>
    public async Task<Result<TierDetails>> RunAsync(Actor actor, TierRequest request, CancellationToken cancellationToken)
    {
        if (TierRights.Refuse(actor) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = TierSettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<TierDetails>(actor, async (write, token) =>
        {
            if (await settings.CheckAsync(write.Context, organisation, null, token) is { } taken) return taken;
            var tier = new Tier { Id = write.NewId(), OrganisationId = organisation, Name = settings.Name, CreatedAt = write.Now };
            settings.Apply(tier);
            write.Context.Tiers.Add(tier);
            var after = TierDetails.Of(tier);
            write.Record("tier.create", ConfigurationKinds.Tier, tier.Id, organisation, null, after, DocumentJson.Default.TierDetails);
            return after;
        }, cancellationToken);
    }
}
