using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Keys;

/// <summary>Changes a key's settings. For those who may manage keys of its team.</summary>
public sealed class UpdateKey(ConfigurationWriter writer)
{
    /// <summary>Sets all values that may change.</summary>
    public async Task<Result<KeyDetails>> RunAsync(Actor actor, Guid id, UpdateKeyRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageKeys) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = KeySettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<KeyDetails>(actor, async (write, token) =>
        {
            var key = await write.Context.VirtualKeys.FirstOrDefaultAsync(k => k.Id == id && k.OrganisationId == organisation, token);
            if (key is null) return new Failure.NotFound("key");
            if (Permissions.Refuse(actor, Permission.ManageKeys, key.TeamId, key.OwnerId) is { } foreign) return foreign;
            if (key.RevokedAt <= write.Now) return new Failure.Conflict("The key is revoked. Issue a new one.");
            if (settings.ExpiresAt is { } expires && expires <= write.Now && expires != key.ExpiresAt)
                return new Failure.Invalid([new("expires_at", "expires_at must be in the future.")]);
            var team = await write.Context.Teams.FirstAsync(t => t.Id == key.TeamId, token);
            if (await settings.CheckAsync(write.Context, actor, team, key, token) is { } failure) return failure;

            var before = KeyDetails.Of(key);
            settings.Apply(key);
            var after = KeyDetails.Of(key);
            write.Record("virtual_key.update", ConfigurationKinds.VirtualKey, key.Id, organisation, before, after, DocumentJson.Default.KeyDetails);
            return after;
        }, cancellationToken);
    }
}
