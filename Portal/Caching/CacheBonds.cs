using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Caching;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Caching;

/// <summary>The cache policy of a key. A rotation takes it along: what is kept for the key and who shares it stays as it was set.</summary>
internal static class CacheBonds
{
    /// <summary>Gives the new key the policy of the old one, inside the rotation's change.</summary>
    public static async Task CopyAsync(ConfigurationWrite write, VirtualKey old, VirtualKey key, CancellationToken cancellationToken)
    {
        var from = old.Id.ToString();
        var policy = await write.Context.CachePolicies.AsNoTracking()
            .FirstOrDefaultAsync(p => p.OrganisationId == old.OrganisationId && p.ScopeKind == CachePolicyScopes.Key && p.ScopeId == from, cancellationToken);
        if (policy is null) return;
        var copy = new CachePolicy
        {
            Id = write.NewId(), OrganisationId = policy.OrganisationId, ScopeKind = CachePolicyScopes.Key, ScopeId = key.Id.ToString(), Settings = policy.Settings, CreatedAt = write.Now,
            CreatedBy = policy.CreatedBy,
        };
        write.Context.CachePolicies.Add(copy);
        write.Record("cache.create", ConfigurationKinds.Cache, copy.Id, copy.OrganisationId, null, CachePolicyDetails.Of(copy), DocumentJson.Default.CachePolicyDetails);
    }
}
