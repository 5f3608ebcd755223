using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Guardrails;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Guardrails.Checks;

/// <summary>Deletes a check that no policy names. For those who manage guardrails.</summary>
public sealed class DeleteGuardrailCheck(ConfigurationWriter writer)
{
    /// <summary>Deletes it, its secret too.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageGuardrails) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var check = await write.Context.GuardrailChecks.FirstOrDefaultAsync(c => c.Id == id && c.OrganisationId == organisation, token);
            if (check is null) return new Failure.NotFound("check");
            var policies = await write.Context.GuardrailPolicies.AsNoTracking().Where(p => p.OrganisationId == organisation).ToListAsync(token);
            // A rule without its check would let pass what it is there to look at.
            var named = policies.Count(p => Names(p.Settings, check.Name));
            if (named > 0) return new Failure.Conflict($"Check {check.Name} is named by {named} guardrail {(named == 1 ? "policy" : "policies")}. Take it out there first.");
            write.Context.GuardrailChecks.Remove(check);
            write.Record<GuardrailCheckDetails>("guardrail_check.delete", ConfigurationKinds.GuardrailCheck, id, organisation, GuardrailCheckDetails.Of(check), null, DocumentJson.Default.GuardrailCheckDetails);
            return new Done();
        }, cancellationToken);
    }

    private static bool Names(GuardrailSettings settings, string check) => settings.ExternalChecks?.Checks?.Contains(check, StringComparer.Ordinal) == true;
}
