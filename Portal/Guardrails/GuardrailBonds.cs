using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Guardrails;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Guardrails;

/// <summary>The policy of a key. A rotation takes it along, so that it lifts none.</summary>
internal static class GuardrailBonds
{
    /// <summary>Gives the new key the policy of the old one, inside the rotation's change.</summary>
    public static async Task CopyAsync(ConfigurationWrite write, VirtualKey old, VirtualKey key, CancellationToken cancellationToken)
    {
        var from = old.Id.ToString();
        var policy = await write.Context.GuardrailPolicies.AsNoTracking()
            .FirstOrDefaultAsync(p => p.OrganisationId == old.OrganisationId && p.ScopeKind == GuardrailScopes.Key && p.ScopeId == from, cancellationToken);
        if (policy is null) return;
        var copy = new GuardrailPolicy
        {
            Id = write.NewId(), OrganisationId = policy.OrganisationId, ScopeKind = GuardrailScopes.Key, ScopeId = key.Id.ToString(), Settings = policy.Settings, CreatedAt = write.Now,
            CreatedBy = policy.CreatedBy,
        };
        write.Context.GuardrailPolicies.Add(copy);
        write.Record("guardrail.create", ConfigurationKinds.Guardrail, copy.Id, copy.OrganisationId, null, GuardrailDetails.Of(copy), DocumentJson.Default.GuardrailDetails);
    }
}
