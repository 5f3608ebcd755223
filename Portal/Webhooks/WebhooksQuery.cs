using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;

namespace AspireGateway.Portal.Webhooks;

/// <summary>Lists webhooks and what was sent to them. For those who manage them: an address may hold a token.</summary>
public sealed class WebhooksQuery(IDbContextFactory<GatewayDbContext> contexts)
{
    /// <summary>A page, oldest first.</summary>
    public async Task<Result<Page<WebhookDetails>>> RunAsync(Actor actor, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageWebhooks) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.Webhooks.AsNoTracking()
            .Where(w => w.OrganisationId == actor.OrganisationId && (from == null || w.Id > from))
            .OrderBy(w => w.Id).Take(take + 1).ToListAsync(cancellationToken);
        return PageSize.Page(rows.ConvertAll(WebhookDetails.Of), take, w => w.Id.ToString());
    }

    /// <summary>One webhook.</summary>
    public async Task<Result<WebhookDetails>> OneAsync(Actor actor, Guid id, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageWebhooks) is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.Webhooks.AsNoTracking().FirstOrDefaultAsync(w => w.Id == id && w.OrganisationId == actor.OrganisationId, cancellationToken);
        return row is null ? new Failure.NotFound("webhook") : WebhookDetails.Of(row);
    }

    /// <summary>One of its deliveries.</summary>
    public async Task<Result<WebhookDeliveryDetails>> DeliveryAsync(Actor actor, Guid id, Guid deliveryId, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.ManageWebhooks) is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await context.WebhookDeliveries.AsNoTracking().FirstOrDefaultAsync(d => d.Id == deliveryId && d.WebhookId == id && d.OrganisationId == actor.OrganisationId, cancellationToken);
        return row is null ? new Failure.NotFound("delivery") : WebhookDeliveryDetails.Of(row);
    }

    /// <summary>A page of the tries of all its deliveries, newest first; they go with their delivery after 30 days.</summary>
    public async Task<Result<Page<WebhookAttemptDetails>>> AttemptsAsync(Actor actor, Guid id, string? after, int? limit, CancellationToken cancellationToken)
    {
        var webhook = await OneAsync(actor, id, cancellationToken);
        if (webhook.Failure is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.WebhookAttempts.AsNoTracking().Where(a => a.WebhookId == id && (from == null || a.Id < from))
            .OrderByDescending(a => a.Id).Take(take + 1)
            .Join(context.WebhookDeliveries, a => a.DeliveryId, d => d.Id, (a, d) => new WebhookAttemptDetails
            {
                Id = a.Id, DeliveryId = a.DeliveryId, EventType = d.EventType, Number = a.Number, At = a.At, DurationMs = a.DurationMs, Status = a.Status, Error = a.Error,
                NextAttemptAt = a.NextAttemptAt, AskedBy = a.AskedBy,
            }).OrderByDescending(a => a.Id).ToListAsync(cancellationToken);
        return PageSize.Page(rows, take, a => a.Id.ToString());
    }

    /// <summary>A page of its deliveries, newest first; kept for 30 days.</summary>
    public async Task<Result<Page<WebhookDeliveryDetails>>> DeliveriesAsync(Actor actor, Guid id, string? after, int? limit, CancellationToken cancellationToken)
    {
        var webhook = await OneAsync(actor, id, cancellationToken);
        if (webhook.Failure is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = await context.WebhookDeliveries.AsNoTracking()
            .Where(d => d.WebhookId == id && (from == null || d.Id < from))
            .OrderByDescending(d => d.Id).Take(take + 1).ToListAsync(cancellationToken);
        return PageSize.Page(rows.ConvertAll(WebhookDeliveryDetails.Of), take, d => d.Id.ToString());
    }
}
