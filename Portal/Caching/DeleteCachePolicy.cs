using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Caching;

/// <summary>Takes a cache policy away. For those who manage models.</summary>
public sealed class DeleteCachePolicy(ConfigurationWriter writer)
{
    /// <summary>Deletes it; the next wider policy decides then, and where there is none, nothing is kept.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var policy = await write.Context.CachePolicies.FirstOrDefaultAsync(p => p.Id == id && p.OrganisationId == organisation, token);
            if (policy is null) return new Failure.NotFound("cache policy");
            write.Context.CachePolicies.Remove(policy);
            write.Record<CachePolicyDetails>("cache.delete", ConfigurationKinds.Cache, id, organisation, CachePolicyDetails.Of(policy), null, DocumentJson.Default.CachePolicyDetails);
            return new Done();
        }, cancellationToken);
    }
}
