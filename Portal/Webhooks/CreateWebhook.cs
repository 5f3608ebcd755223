using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Webhooks.Channels;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AspireGateway.Portal.Webhooks;

/// <summary>Makes a webhook with a secret of its own. For operators and organisation admins.</summary>
public sealed class CreateWebhook(ConfigurationWriter writer, SecretBox box, IOptions<WebhookOptions> options)
{
    /// <summary>Makes it; it is told of what happens from now on.</summary>
    public async Task<Result<CreatedWebhook>> RunAsync(Actor actor, WebhookRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageWebhooks) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        var checks = new FieldChecks();
        var settings = WebhookSettings.Read(checks, request, options.Value.AllowPrivate);
        if (checks.Failure is { } faults) return faults;

        return await writer.WriteAsync<CreatedWebhook>(actor, async (write, token) =>
        {
            if (await settings.CheckAsync(write.Context, organisation, null, token) is { } taken) return taken;
            if (await write.Context.Webhooks.CountAsync(w => w.OrganisationId == organisation, token) >= WebhookSettings.MaxOfOrganisation)
                return new Failure.Conflict($"An organisation may have {WebhookSettings.MaxOfOrganisation} webhooks. Delete one first.");
            var (id, secret) = (write.NewId(), WebhookSecret.Create());
            var isSigned = settings.Kind == ChannelKinds.Generic;
            var webhook = new Webhook
            {
                Id = id, OrganisationId = organisation, Name = settings.Name, Url = "", SecretEnvelope = box.Seal(secret, id), CreatedAt = write.Now,
            };
            settings.Apply(webhook, box);
            write.Context.Webhooks.Add(webhook);
            var after = WebhookDetails.Of(webhook);
            write.Record("webhook.create", ConfigurationKinds.Webhook, id, organisation, null, after, DocumentJson.Default.WebhookDetails);
            return new CreatedWebhook { Webhook = after, Secret = isSigned ? secret : null };
        }, cancellationToken);
    }
}
