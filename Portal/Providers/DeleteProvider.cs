using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Credentials;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Providers;

/// <summary>Deletes a provider that no deployment uses, with its credentials. For those who manage models.</summary>
public sealed class DeleteProvider(ConfigurationWriter writer)
{
    /// <summary>Deletes it.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var provider = await write.Context.Providers.FirstOrDefaultAsync(p => p.Id == id && p.OrganisationId == organisation, token);
            if (provider is null) return new Failure.NotFound("provider");
            var user = await write.Context.Deployments.Where(d => d.ProviderId == id).OrderBy(d => d.Name).Select(d => d.Name).FirstOrDefaultAsync(token);
            if (user is not null) return new Failure.Conflict($"Deployment {user} uses it. Delete its deployments first.");

            var credentials = await write.Context.Credentials.Where(c => c.ProviderId == id).ToListAsync(token);
            foreach (var credential in credentials)
                write.Record<CredentialDetails>(
                    "credential.delete", ConfigurationKinds.Credential, credential.Id, organisation, CredentialDetails.Of(credential), null, DocumentJson.Default.CredentialDetails);
            write.Context.Credentials.RemoveRange(credentials);
            write.Context.Providers.Remove(provider);
            write.Record<ProviderDetails>("provider.delete", ConfigurationKinds.Provider, id, organisation, ProviderDetails.Of(provider), null, DocumentJson.Default.ProviderDetails);
            return new Done();
        }, cancellationToken);
    }
}
