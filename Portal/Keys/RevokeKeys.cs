using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Keys;

/// <summary>Revokes keys, one or many. For those who may manage keys of their teams.</summary>
public sealed class RevokeKeys(ConfigurationWriter writer)
{
    /// <summary>Revokes all of them or none; those revoked before stay as they are. Gateways refuse them within a second.</summary>
    public async Task<Result<RevokedKeys>> RunAsync(Actor actor, RevokeKeysRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageKeys) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var ids = (request.Ids ?? []).Distinct().ToArray();
        if (ids.Length is 0 or > FieldChecks.MaxEntries)
            return new Failure.Invalid([new("ids", $"ids names 1 to {FieldChecks.MaxEntries} keys.")]);

        return await writer.WriteAsync<RevokedKeys>(actor, async (write, token) =>
        {
            var keys = await write.Context.VirtualKeys.Where(k => ids.Contains(k.Id) && k.OrganisationId == organisation).ToListAsync(token);
            if (keys.Count < ids.Length) return new Failure.NotFound("key");
            foreach (var key in keys)
                if (Permissions.Refuse(actor, Permission.ManageKeys, key.TeamId, key.OwnerId) is { } foreign) return foreign;

            var revoked = new List<VirtualKey>();
            foreach (var key in keys.Where(k => k.RevokedAt is null || k.RevokedAt > write.Now))
            {
                var before = KeyDetails.Of(key);
                key.RevokedAt = write.Now;
                write.Record("virtual_key.revoke", ConfigurationKinds.VirtualKey, key.Id, organisation, before, KeyDetails.Of(key), DocumentJson.Default.KeyDetails);
                revoked.Add(key);
            }
            BulkKeys.Record(write, organisation, "virtual_key.revoke_many", revoked);
            return new RevokedKeys(revoked.Count, keys.Count - revoked.Count);
        }, cancellationToken);
    }
}
