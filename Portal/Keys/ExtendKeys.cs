using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Keys;

/// <summary>Gives keys another expiry, one or many. For those who may manage keys of their teams.</summary>
public sealed class ExtendKeys(ConfigurationWriter writer, TimeProvider clock)
{
    /// <summary>Gives it to all of them or none. An expired key works again; a revoked one never does.</summary>
    public async Task<Result<ChangedKeys>> RunAsync(Actor actor, ExtendKeysRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageKeys) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var ids = BulkKeys.Read(checks, request.Ids);
        var never = request.Never ?? false;
        // In the database's precision, so that what is written compares with what is there.
        var until = request.ExpiresAt?.ToUniversalTime() is { } given ? given.AddTicks(-(given.Ticks % TimeSpan.TicksPerMicrosecond)) : (DateTimeOffset?)null;
        checks.Must(never || until is not null, "expires_at", "expires_at is required; never true says that they do not expire.");
        checks.Must(!never || until is null, "expires_at", "Give expires_at or never, not both.");
        checks.Must(until is null || until > clock.GetUtcNow(), "expires_at", "expires_at must be in the future.");
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<ChangedKeys>(actor, async (write, token) =>
        {
            var found = await BulkKeys.FindAsync(write, actor, organisation, ids, token);
            if (found.Failure is { } missing) return missing;
            if (found.Value.Find(k => k.RevokedAt is not null) is { } revoked) return new Failure.Conflict($"The key {revoked.Name} is revoked or being replaced. Take it out of the selection.");
            var changed = found.Value.FindAll(k => k.ExpiresAt != until);
            foreach (var key in changed)
            {
                var before = KeyDetails.Of(key);
                key.ExpiresAt = until;
                write.Record("virtual_key.update", ConfigurationKinds.VirtualKey, key.Id, organisation, before, KeyDetails.Of(key), DocumentJson.Default.KeyDetails);
            }
            BulkKeys.Record(write, organisation, "virtual_key.extend_many", changed, expiresAt: until);
            return new ChangedKeys(changed.Count, found.Value.Count - changed.Count);
        }, cancellationToken);
    }
}
