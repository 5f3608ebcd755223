using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Keys;

/// <summary>What changes of several keys have in common: all of them or none, and one entry in the audit that says how many.</summary>
internal static class BulkKeys
{
    /// <summary>The ids of a request, each once; or the fault of their field.</summary>
    public static Guid[] Read(FieldChecks checks, IReadOnlyList<Guid>? ids)
    {
        var each = (ids ?? []).Distinct().ToArray();
        checks.Must(each.Length is > 0 and <= FieldChecks.MaxEntries, "ids", $"ids names 1 to {FieldChecks.MaxEntries} keys.");
        return each;
    }

    /// <summary>The keys, by name; a failure when one is not there or not the actor's to change.</summary>
    public static async Task<Result<List<VirtualKey>>> FindAsync(ConfigurationWrite write, Actor actor, Guid organisation, Guid[] ids, CancellationToken cancellationToken)
    {
        var keys = await write.Context.VirtualKeys.Where(k => ids.Contains(k.Id) && k.OrganisationId == organisation).OrderBy(k => k.Name).ThenBy(k => k.Id).ToListAsync(cancellationToken);
        if (keys.Count < ids.Length) return new Failure.NotFound("key");
        foreach (var key in keys)
            if (Permissions.Refuse(actor, Permission.ManageKeys, key.TeamId, key.OwnerId) is { } foreign) return foreign;
        return keys;
    }

    /// <summary>Says in the audit that these were changed together. One alone needs no such entry. It stands with the first of them and holds no id: it is no change of that key by itself.</summary>
    public static void Record(ConfigurationWrite write, Guid organisation, string action, List<VirtualKey> keys, DateTimeOffset? expiresAt = null, string? tier = null)
    {
        if (keys.Count < 2) return;
        write.Record(
            action, ConfigurationKinds.VirtualKey, keys[0].Id, organisation, null,
            new BulkKeyChange { Count = keys.Count, Keys = [.. keys.Select(k => k.Name)], ExpiresAt = expiresAt, Tier = tier }, DocumentJson.Default.BulkKeyChange);
    }
}
