using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;

namespace AspireGateway.Portal.Webhooks;

/// <summary>
/// Delivers an event once more, whatever became of it, with the same id: receivers that took it know it by that. For operators and organisation admins; changes no configuration, so the list of tries
/// says who asked.
/// </summary>
internal sealed class DeliverAgain(NpgsqlDataSource database, WebhooksQuery query, WebhookSender sender, TimeProvider clock)
{
    /// <summary>Posts it now, also to a disabled webhook, and says what became of it.</summary>
    public async Task<Result<WebhookDeliveryDetails>> RunAsync(Actor actor, Guid webhookId, Guid deliveryId, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageWebhooks) is { } refusal) return refusal;
        var leased = await database.ReadAsync($"""
            update webhook_deliveries d set attempts = d.attempts + 1, next_attempt_at = @lease
            from webhooks w
            where d.id = @id and d.webhook_id = @webhook and d.organisation_id = @organisation and w.id = d.webhook_id and w.organisation_id = @organisation
            returning {DeliveryTry.Columns}
            """, DeliveryTry.Of, cancellationToken,
            Sql.Id("id", deliveryId), Sql.Id("webhook", webhookId), Sql.Id("organisation", actor.OrganisationId), Sql.Time("lease", clock.GetUtcNow() + DeliveryTry.Lease));
        if (leased is not [var delivery]) return new Failure.NotFound("delivery");
        await delivery.RunAsync(database, sender, clock, actor.Name, cancellationToken);
        return await query.DeliveryAsync(actor, webhookId, deliveryId, cancellationToken);
    }
}
