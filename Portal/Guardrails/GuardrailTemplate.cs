using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Portal.Guardrails;

/// <summary>The policy that a new organisation begins with: secrets never leave.</summary>
internal static class GuardrailTemplate
{
    /// <summary>The settings; the same that migration 0034 gave organisations that were there before.</summary>
    public static readonly GuardrailSettings Settings = new() { Secrets = new() { Level = GuardrailLevels.Standard, Action = GuardrailActions.Mask, Restore = true } };

    /// <summary>Adds the policy inside the change that makes the organisation.</summary>
    public static void Add(ConfigurationWrite write, Guid organisation, string createdBy)
    {
        var policy = new GuardrailPolicy
        {
            Id = write.NewId(), OrganisationId = organisation, ScopeKind = GuardrailScopes.Organisation, Settings = Settings, CreatedAt = write.Now, CreatedBy = createdBy,
        };
        write.Context.GuardrailPolicies.Add(policy);
        write.Record("guardrail.create", ConfigurationKinds.Guardrail, policy.Id, organisation, null, GuardrailDetails.Of(policy), DocumentJson.Default.GuardrailDetails);
    }
}
