using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Residency;

/// <summary>Takes a residency rule away. For those who manage models.</summary>
public sealed class DeleteResidency(ConfigurationWriter writer)
{
    /// <summary>Deletes it; a data class is no longer known then, and requests that declare it are refused.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var rule = await write.Context.ResidencyRules.FirstOrDefaultAsync(r => r.Id == id && r.OrganisationId == organisation, token);
            if (rule is null) return new Failure.NotFound("residency rule");
            write.Context.ResidencyRules.Remove(rule);
            write.Record<ResidencyDetails>(
                "residency.delete", ConfigurationKinds.Residency, id, organisation, ResidencyDetails.Of(rule), null, DocumentJson.Default.ResidencyDetails);
            return new Done();
        }, cancellationToken);
    }
}
