using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Keys;

/// <summary>Replaces a key by one with the same settings and a new secret. For those who may manage keys of its team.</summary>
public sealed class RotateKey(ConfigurationWriter writer)
{
    /// <summary>How long both secrets work where the caller names no time.</summary>
    public static readonly TimeSpan DefaultOverlap = TimeSpan.FromHours(24);

    /// <summary>Longest time for which both may work.</summary>
    public static readonly TimeSpan MaxOverlap = TimeSpan.FromDays(30);

    /// <summary>Issues the new key, under all that bounds the old one, and ends the old one after the overlap.</summary>
    public async Task<Result<IssuedKey>> RunAsync(Actor actor, Guid id, RotateKeyRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageKeys) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        checks.Range("overlap_seconds", request.OverlapSeconds, 0, (long)MaxOverlap.TotalSeconds);
        if (checks.Failure is { } faults) return faults;
        var overlap = request.OverlapSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultOverlap;

        return await writer.WriteAsync<IssuedKey>(actor, async (write, token) =>
        {
            var old = await write.Context.VirtualKeys.FirstOrDefaultAsync(k => k.Id == id && k.OrganisationId == organisation, token);
            if (old is null) return new Failure.NotFound("key");
            if (Permissions.Refuse(actor, Permission.ManageKeys, old.TeamId, old.OwnerId) is { } foreign) return foreign;
            switch (KeyStates.Of(old.RevokedAt, old.ExpiresAt, write.Now))
            {
                case KeyStates.Revoked: return new Failure.Conflict("The key is revoked. Issue a new one.");
                case KeyStates.Expired: return new Failure.Conflict("The key has expired. Issue a new one.");
                case KeyStates.Retiring: return new Failure.Conflict("The key was rotated already and ends soon. Rotate the key that replaced it.");
            }

            var secret = VirtualKeySecret.Create();
            var before = KeyDetails.Of(old);
            var key = new VirtualKey
            {
                Id = write.NewId(), OrganisationId = organisation, TeamId = old.TeamId, OwnerId = old.OwnerId, Name = old.Name,
                Prefix = VirtualKeySecret.PrefixOf(secret), SecretHash = VirtualKeySecret.Hash(secret),
                AllowedModels = old.AllowedModels, AllowedRegions = old.AllowedRegions, DefaultModel = old.DefaultModel, Feature = old.Feature, UserId = old.UserId, Agent = old.Agent,
                Priority = old.Priority, HoldPolicy = old.HoldPolicy, GuardrailLevel = old.GuardrailLevel, ApprovalThresholdNanoUsd = old.ApprovalThresholdNanoUsd,
                ApprovalAction = old.ApprovalAction, ApprovalModel = old.ApprovalModel,
                MaxBodyBytes = old.MaxBodyBytes, MaxMultipartBytes = old.MaxMultipartBytes, ExpiresAt = old.ExpiresAt,
                RotatedFromId = old.Id, CreatedAt = write.Now, CreatedBy = actor.Name,
            };
            old.RevokedAt = write.Now + overlap;
            write.Context.VirtualKeys.Add(key);
            var after = KeyDetails.Of(key);
            write.Record("virtual_key.rotate", ConfigurationKinds.VirtualKey, old.Id, organisation, before, KeyDetails.Of(old), DocumentJson.Default.KeyDetails);
            write.Record("virtual_key.issue", ConfigurationKinds.VirtualKey, key.Id, organisation, null, after, DocumentJson.Default.KeyDetails);
            await KeyBonds.CopyAsync(write, old, key, token);
            return new IssuedKey { Key = after, Secret = secret };
        }, cancellationToken);
    }
}
