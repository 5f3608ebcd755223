using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Guardrails;

/// <summary>Takes a guardrail policy away. For those who manage guardrails.</summary>
public sealed class DeleteGuardrails(ConfigurationWriter writer)
{
    /// <summary>Deletes it; the next wider policy decides then, and where there is none, nothing is looked at.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageGuardrails) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var policy = await write.Context.GuardrailPolicies.FirstOrDefaultAsync(p => p.Id == id && p.OrganisationId == organisation, token);
            if (policy is null) return new Failure.NotFound("guardrail policy");
            write.Context.GuardrailPolicies.Remove(policy);
            write.Record<GuardrailDetails>("guardrail.delete", ConfigurationKinds.Guardrail, id, organisation, GuardrailDetails.Of(policy), null, DocumentJson.Default.GuardrailDetails);
            return new Done();
        }, cancellationToken);
    }
}
