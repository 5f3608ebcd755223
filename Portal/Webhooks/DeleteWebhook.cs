using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Webhooks;

/// <summary>Deletes a webhook with its deliveries, those on their way too. For operators and organisation admins.</summary>
public sealed class DeleteWebhook(ConfigurationWriter writer)
{
    /// <summary>Deletes it.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageWebhooks) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<Done>(actor, async (write, token) =>
        {
            var webhook = await write.Context.Webhooks.FirstOrDefaultAsync(w => w.Id == id && w.OrganisationId == organisation, token);
            if (webhook is null) return new Failure.NotFound("webhook");
            write.Context.Webhooks.Remove(webhook);
            write.Record<WebhookDetails>("webhook.delete", ConfigurationKinds.Webhook, id, organisation, WebhookDetails.Of(webhook), null, DocumentJson.Default.WebhookDetails);
            return new Done();
        }, cancellationToken);
    }
}
