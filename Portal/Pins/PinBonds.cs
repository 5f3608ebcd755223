using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Routing;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Pins;

/// <summary>Pins of a key. A rotation takes them along.</summary>
internal static class PinBonds
{
    /// <summary>Gives the new key the pins of the old one, inside the rotation's change.</summary>
    public static async Task CopyAsync(ConfigurationWrite write, VirtualKey old, VirtualKey key, CancellationToken cancellationToken)
    {
        var from = old.Id.ToString();
        foreach (var p in await write.Context.Pins.AsNoTracking().Where(p => p.OrganisationId == old.OrganisationId && p.ScopeKind == PinScopes.Key && p.ScopeId == from).ToListAsync(cancellationToken))
        {
            var copy = new Pin
            {
                Id = write.NewId(), OrganisationId = p.OrganisationId, ScopeKind = PinScopes.Key, ScopeId = key.Id.ToString(), Model = p.Model, DeploymentId = p.DeploymentId,
                Version = p.Version, ServedAs = p.ServedAs, OnUnavailable = p.OnUnavailable, CreatedAt = write.Now, CreatedBy = p.CreatedBy,
            };
            write.Context.Pins.Add(copy);
            write.Record("pin.create", ConfigurationKinds.Pin, copy.Id, copy.OrganisationId, null, PinDetails.Of(copy), DocumentJson.Default.PinDetails);
        }
    }
}
