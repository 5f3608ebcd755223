using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Content.Keeping;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Webhooks;
using AspireGateway.Shared.Content;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Credentials;

/// <summary>
/// Seals with the current master key what an older one sealed, credentials, secrets of webhooks and the key of the content store, so that the older one can be taken out of <c>Gateway__PreviousMasterKeys</c>.
/// For those who manage models.
/// </summary>
public sealed class ResealCredentials(ConfigurationWriter writer, SecretBox box, ContentKeyStore keys)
{
    /// <summary>Seals all of the organisation's; a second time changes nothing.</summary>
    public async Task<Result<ResealedCredentials>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageModels) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<ResealedCredentials>(actor, async (write, token) =>
        {
            var resealed = 0;
            var unreadable = new List<string>();
            foreach (var credential in await write.Context.Credentials.Where(c => c.OrganisationId == organisation).OrderBy(c => c.Id).ToListAsync(token))
            {
                if (!box.NeedsReseal(credential.SecretEnvelope)) continue;
                if (box.Open(credential.SecretEnvelope, credential.Id) is not { } secret)
                {
                    unreadable.Add(credential.Name);
                    continue;
                }
                credential.SecretEnvelope = box.Seal(secret, credential.Id);
                resealed++;
                var details = CredentialDetails.Of(credential);
                write.Record("credential.reseal", ConfigurationKinds.Credential, credential.Id, organisation, details, details, DocumentJson.Default.CredentialDetails);
            }
            foreach (var webhook in await write.Context.Webhooks.Where(w => w.OrganisationId == organisation).OrderBy(w => w.Id).ToListAsync(token))
            {
                if (!box.NeedsReseal(webhook.SecretEnvelope)) continue;
                if (box.Open(webhook.SecretEnvelope, webhook.Id) is not { } secret)
                {
                    unreadable.Add(webhook.Name);
                    continue;
                }
                webhook.SecretEnvelope = box.Seal(secret, webhook.Id);
                resealed++;
                var details = WebhookDetails.Of(webhook);
                write.Record("webhook.reseal", ConfigurationKinds.Webhook, webhook.Id, organisation, details, details, DocumentJson.Default.WebhookDetails);
            }
            // By itself, as gateways write rows under it meanwhile; what follows is the same either way.
            var (rewrapped, unopened) = await keys.RewrapAsync(organisation, token);
            resealed += rewrapped;
            if (unopened > 0) unreadable.Add("content key");
            if (rewrapped > 0) write.Note("content.rewrap", ConfigurationKinds.Content, organisation, organisation, new ContentRewrap(rewrapped), DocumentJson.Default.ContentRewrap);
            return new ResealedCredentials(resealed, unreadable);
        }, cancellationToken);
    }
}
