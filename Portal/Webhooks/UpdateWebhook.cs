using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace AspireGateway.Portal.Webhooks;

/// <summary>Changes a webhook; its secret stays. For operators and organisation admins.</summary>
public sealed class UpdateWebhook(ConfigurationWriter writer, SecretBox box, IOptions<WebhookOptions> options)
{
    /// <summary>Sets all values that may change; what waits for it goes to the new address.</summary>
    public async Task<Result<WebhookDetails>> RunAsync(Actor actor, Guid id, WebhookRequest request, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageWebhooks) is { } refusal) return refusal;
        var organisation = actor.OrganisationId!.Value;
        return await writer.WriteAsync<WebhookDetails>(actor, async (write, token) =>
        {
            var webhook = await write.Context.Webhooks.FirstOrDefaultAsync(w => w.Id == id && w.OrganisationId == organisation, token);
            if (webhook is null) return new Failure.NotFound("webhook");
            var checks = new FieldChecks();
            var settings = WebhookSettings.Read(checks, request, options.Value.AllowPrivate, webhook);
            if (checks.Failure is { } faults) return faults;
            if (await settings.CheckAsync(write.Context, organisation, id, token) is { } taken) return taken;
            var before = WebhookDetails.Of(webhook);
            settings.Apply(webhook, box);
            var after = WebhookDetails.Of(webhook);
            write.Record("webhook.update", ConfigurationKinds.Webhook, id, organisation, before, after, DocumentJson.Default.WebhookDetails);
            return after;
        }, cancellationToken);
    }
}
