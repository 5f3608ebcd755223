using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Tiers;

/// <summary>Changes a tier, and so the limits of all that have it. For operators and organisation admins.</summary>
public sealed class UpdateTier(ConfigurationWriter writer)
{
    /// <summary>Sets all its values.</summary>
    public async Task<Result<TierDetails>> RunAsync(Actor actor, Guid id, TierRequest request, CancellationToken cancellationToken)
    {
        if (TierRights.Refuse(actor) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = TierSettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<TierDetails>(actor, async (write, token) =>
        {
            var tier = await write.Context.Tiers.FirstOrDefaultAsync(t => t.Id == id && t.OrganisationId == organisation, token);
            if (tier is null) return new Failure.NotFound("tier");
            if (await settings.CheckAsync(write.Context, organisation, id, token) is { } taken) return taken;
            var before = TierDetails.Of(tier);
            settings.Apply(tier);
            var after = TierDetails.Of(tier);
            if (after == before) return after;
            write.Record("tier.update", ConfigurationKinds.Tier, id, organisation, before, after, DocumentJson.Default.TierDetails);
            return after;
        }, cancellationToken);
    }
}
