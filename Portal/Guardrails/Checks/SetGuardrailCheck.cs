using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Guardrails;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Guardrails.Checks;

/// <summary>Makes a check outside of the gateway, or changes the one of that name. For those who manage guardrails.</summary>
public sealed class SetGuardrailCheck(ConfigurationWriter writer, SecretBox box)
{
    /// <summary>Sets it; policies that name it ask it so within a second.</summary>
    public async Task<Result<GuardrailCheckDetails>> RunAsync(Actor actor, GuardrailCheckRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageGuardrails) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = GuardrailCheckSettings.Read(checks, request);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<GuardrailCheckDetails>(actor, async (write, token) =>
        {
            var name = settings.Name;
            var check = await write.Context.GuardrailChecks.FirstOrDefaultAsync(c => c.OrganisationId == organisation && c.Name == name, token);
            var before = check is null ? null : GuardrailCheckDetails.Of(check);
            if (check is null)
            {
                if (await write.Context.GuardrailChecks.CountAsync(c => c.OrganisationId == organisation, token) >= GuardrailCheck.MaxOfOrganisation)
                    return new Failure.Conflict($"An organisation may have {GuardrailCheck.MaxOfOrganisation} checks. Delete one first.");
                check = new GuardrailCheck { Id = write.NewId(), OrganisationId = organisation, Name = name, Kind = settings.Kind, Url = settings.Url, CreatedBy = actor.Name };
                write.Context.GuardrailChecks.Add(check);
            }
            if (KeepsSecret(check, settings) is { } unsafeMove) return unsafeMove;
            settings.Apply(check);
            if (settings.Secret is { } secret) check.SecretEnvelope = secret.Length == 0 ? null : box.Seal(secret, check.Id);
            (check.CreatedAt, check.CreatedBy) = (write.Now, actor.Name);
            var after = GuardrailCheckDetails.Of(check);
            write.Record(before is null ? "guardrail_check.create" : "guardrail_check.update", ConfigurationKinds.GuardrailCheck, check.Id, organisation, before, after, DocumentJson.Default.GuardrailCheckDetails);
            return after;
        }, cancellationToken);
    }

    // A kept secret goes to no other server and is used for nothing else: whoever changes the address would read it there.
    private static Failure.Conflict? KeepsSecret(GuardrailCheck check, GuardrailCheckSettings settings)
    {
        if (check.SecretEnvelope is null || settings.Secret is not null) return null;
        if (Providers.BaseAddress.SameServer(check.Url, settings.Url) && (check.Kind == GuardrailCheckKinds.Webhook) == (settings.Kind == GuardrailCheckKinds.Webhook)) return null;
        return new Failure.Conflict("The check has a secret of another server or kind. Send the new server's secret, or an empty one.", "secret");
    }
}
