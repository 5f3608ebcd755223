using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Tiers;

/// <summary>Deletes a tier that nobody has. For operators and organisation admins.</summary>
public sealed class DeleteTier(ConfigurationWriter writer)
{
    /// <summary>Deletes it.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (TierRights.Refuse(actor) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var tier = await write.Context.Tiers.FirstOrDefaultAsync(t => t.Id == id && t.OrganisationId == organisation, token);
            if (tier is null) return new Failure.NotFound("tier");
            var holders = await write.Context.TierAssignments.CountAsync(a => a.TierId == id, token);
            if (holders > 0) return new Failure.Conflict($"{holders} keys, teams or users have it, or it is a default. Give them another tier first.");
            write.Context.Tiers.Remove(tier);
            write.Record<TierDetails>("tier.delete", ConfigurationKinds.Tier, id, organisation, TierDetails.Of(tier), null, DocumentJson.Default.TierDetails);
            return new Done();
        }, cancellationToken);
    }
}
