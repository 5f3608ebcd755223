using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Credentials;

/// <summary>Replaces a credential's secret; what uses it goes on with the new one. For those who manage models.</summary>
public sealed class ReplaceCredential(ConfigurationWriter writer, SecretBox box)
{
    /// <summary>Replaces it.</summary>
    public async Task<Result<CredentialDetails>> RunAsync(Actor actor, Guid id, ReplaceCredentialRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var secret = CredentialSecret.Read(checks, request.Secret);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<CredentialDetails>(actor, async (write, token) =>
        {
            var credential = await write.Context.Credentials.FirstOrDefaultAsync(c => c.Id == id && c.OrganisationId == organisation, token);
            if (credential is null) return new Failure.NotFound("credential");
            var before = CredentialDetails.Of(credential);
            (credential.SecretEnvelope, credential.Hint, credential.UpdatedAt) = (box.Seal(secret, id), CredentialSecret.Hint(secret), write.Now);
            var after = CredentialDetails.Of(credential);
            write.Record("credential.replace", ConfigurationKinds.Credential, id, organisation, before, after, DocumentJson.Default.CredentialDetails);
            return after;
        }, cancellationToken);
    }
}
