using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Tiers;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Keys;

/// <summary>Gives keys a tier, one or many. For admins; for team leads their own teams' keys, below the ceiling.</summary>
public sealed class AssignTierToKeys(ConfigurationWriter writer)
{
    /// <summary>Gives it to all of them or none; the tier that a key had before is replaced.</summary>
    public async Task<Result<ChangedKeys>> RunAsync(Actor actor, AssignTierToKeysRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageBudgets) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var ids = BulkKeys.Read(checks, request.Ids);
        var tier = checks.Text("tier", request.Tier);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<ChangedKeys>(actor, async (write, token) =>
        {
            var found = await BulkKeys.FindAsync(write, actor, organisation, ids, token);
            if (found.Failure is { } missing) return missing;
            var before = write.Entries.Count;
            var changed = new List<Shared.Domain.VirtualKey>();
            foreach (var key in found.Value)
            {
                var given = await AssignTier.GiveAsync(write, actor, organisation, ScopeKinds.Key, key.Id.ToString(), tier, token);
                if (given.Failure is { } refused) return refused is Failure.Invalid invalid && found.Value.Count > 1 ? new Failure.Invalid([.. invalid.Faults.Select(f => f with { Message = $"{key.Name}: {f.Message}" })]) : refused;
                if (write.Entries.Count == before) continue;
                before = write.Entries.Count;
                changed.Add(key);
            }
            BulkKeys.Record(write, organisation, "virtual_key.assign_tier_many", changed, tier: tier);
            return new ChangedKeys(changed.Count, found.Value.Count - changed.Count);
        }, cancellationToken);
    }
}
