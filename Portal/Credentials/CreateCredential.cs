using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Credentials;

/// <summary>Stores a provider's key, sealed. For those who manage models.</summary>
public sealed class CreateCredential(ConfigurationWriter writer, SecretBox box)
{
    /// <summary>Stores it.</summary>
    public async Task<Result<CredentialDetails>> RunAsync(Actor actor, CreateCredentialRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        checks.Must(request.ProviderId is not null, "provider_id", "provider_id is required.");
        var name = checks.Text("name", request.Name);
        var secret = CredentialSecret.Read(checks, request.Secret);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<CredentialDetails>(actor, async (write, token) =>
        {
            var provider = await write.Context.Providers.FirstOrDefaultAsync(p => p.Id == request.ProviderId && p.OrganisationId == organisation, token);
            if (provider is null) return new Failure.NotFound("provider");
            var id = write.NewId();
            var credential = new Credential
            {
                Id = id, OrganisationId = organisation, ProviderId = provider.Id, Name = name, SecretEnvelope = box.Seal(secret, id),
                Hint = CredentialSecret.Hint(secret), CreatedAt = write.Now, UpdatedAt = write.Now,
            };
            write.Context.Credentials.Add(credential);
            var after = CredentialDetails.Of(credential);
            write.Record("credential.create", ConfigurationKinds.Credential, id, organisation, null, after, DocumentJson.Default.CredentialDetails);
            return after;
        }, cancellationToken);
    }
}
