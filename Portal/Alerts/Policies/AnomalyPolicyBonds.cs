using AspireGateway.Portal.Alerts.Brakes;
using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Anomalies;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Alerts.Policies;

/// <summary>The anomaly policy of a key and what was done to it. A rotation takes both along: who rotates a key that is stopped or throttled does not let it go.</summary>
internal static class AnomalyPolicyBonds
{
    /// <summary>Gives the new key what the old one has, inside the rotation's change.</summary>
    public static async Task CopyAsync(ConfigurationWrite write, VirtualKey old, VirtualKey key, CancellationToken cancellationToken)
    {
        var (context, organisation, from) = (write.Context, old.OrganisationId, old.Id.ToString());
        var policy = await context.AnomalyPolicies.AsNoTracking().FirstOrDefaultAsync(p => p.OrganisationId == organisation && p.ScopeKind == ScopeKinds.Key && p.ScopeId == from, cancellationToken);
        if (policy is not null)
        {
            var copy = new AnomalyPolicy
            {
                Id = write.NewId(), OrganisationId = organisation, ScopeKind = ScopeKinds.Key, ScopeId = key.Id.ToString(), Settings = policy.Settings, CreatedAt = write.Now, CreatedBy = policy.CreatedBy,
            };
            context.AnomalyPolicies.Add(copy);
            write.Record("anomaly_policy.create", ConfigurationKinds.AnomalyPolicy, copy.Id, organisation, null, AnomalyPolicyDetails.Of(copy), DocumentJson.Default.AnomalyPolicyDetails);
        }
        foreach (var brake in await context.KeyBrakes.AsNoTracking().Where(b => b.KeyId == old.Id && b.EndedAt == null && (b.Until == null || b.Until > write.Now)).ToListAsync(cancellationToken))
        {
            var copy = new KeyBrake
            {
                Id = write.NewId(), OrganisationId = organisation, KeyId = key.Id, AlertId = brake.AlertId, Kind = brake.Kind, RequestsPerMinute = brake.RequestsPerMinute, Reason = brake.Reason,
                CreatedAt = brake.CreatedAt, Until = brake.Until,
            };
            context.KeyBrakes.Add(copy);
            write.Record(ApplyPolicies.ActionOf(copy), ConfigurationKinds.KeyBrake, copy.Id, organisation, null, KeyBrakeDetails.Of(copy), DocumentJson.Default.KeyBrakeDetails);
        }
    }
}
