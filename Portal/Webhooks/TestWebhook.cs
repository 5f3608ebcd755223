using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Webhooks;

/// <summary>Posts a test event to a webhook, once, and says what became of it. For operators and organisation admins; changes no configuration.</summary>
internal sealed class TestWebhook(IDbContextFactory<GatewayDbContext> contexts, WebhookSender sender, TimeProvider clock)
{
    /// <summary>Posts it now, also to a disabled webhook; it stands among the deliveries.</summary>
    public async Task<Result<WebhookDeliveryDetails>> RunAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageWebhooks) is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var webhook = await context.Webhooks.AsNoTracking().FirstOrDefaultAsync(w => w.Id == id && w.OrganisationId == actor.OrganisationId, cancellationToken);
        if (webhook is null) return new Failure.NotFound("webhook");

        var now = clock.GetUtcNow();
        var payload = new WebhookPayload<WebhookTestData>(WebhookEvents.Test, now, new() { Webhook = webhook.Name, SentBy = actor.Name });
        var delivery = new WebhookDelivery
        {
            Id = Guid.CreateVersion7(now), OrganisationId = webhook.OrganisationId, WebhookId = id, EventType = WebhookEvents.Test,
            Payload = JsonSerializer.Serialize(payload, WebhookJson.Default.WebhookPayloadWebhookTestData), CreatedAt = now, Attempts = 1,
        };
        var began = clock.GetTimestamp();
        var answer = await sender.SendAsync(webhook.Kind, webhook.Url, id, webhook.SecretEnvelope, delivery.Id, delivery.Payload, cancellationToken);
        (delivery.LastStatus, delivery.LastError) = (answer.Status, answer.Error);
        if (answer.IsTaken) delivery.DeliveredAt = clock.GetUtcNow();
        context.WebhookDeliveries.Add(delivery);
        context.WebhookAttempts.Add(new()
        {
            Id = Guid.CreateVersion7(now), WebhookId = id, DeliveryId = delivery.Id, Number = 1, At = now, DurationMs = (int)clock.GetElapsedTime(began).TotalMilliseconds, Status = answer.Status,
            Error = answer.Error, AskedBy = actor.Name,
        });
        await context.SaveChangesAsync(cancellationToken);
        return WebhookDeliveryDetails.Of(delivery);
    }
}
