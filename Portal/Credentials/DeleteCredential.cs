using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Credentials;

/// <summary>Deletes a credential that no deployment uses. For those who manage models.</summary>
public sealed class DeleteCredential(ConfigurationWriter writer)
{
    /// <summary>Deletes it.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var credential = await write.Context.Credentials.FirstOrDefaultAsync(c => c.Id == id && c.OrganisationId == organisation, token);
            if (credential is null) return new Failure.NotFound("credential");
            var user = await write.Context.Deployments.Where(d => d.CredentialId == id || d.MoreCredentialIds.Contains(id)).OrderBy(d => d.Name).Select(d => d.Name).FirstOrDefaultAsync(token);
            if (user is not null) return new Failure.Conflict($"Deployment {user} uses it. Take it out of the deployment first.");
            write.Context.Credentials.Remove(credential);
            write.Record<CredentialDetails>(
                "credential.delete", ConfigurationKinds.Credential, id, organisation, CredentialDetails.Of(credential), null, DocumentJson.Default.CredentialDetails);
            return new Done();
        }, cancellationToken);
    }
}
