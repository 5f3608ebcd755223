using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Webhooks;

/// <summary>What a webhook's own page shows.</summary>
/// <param name="Webhook">The webhook.</param>
/// <param name="Deliveries">What was sent to it, newest first; null = the tries are shown.</param>
/// <param name="Attempts">The tries, newest first; null = the deliveries are shown.</param>
public sealed record WebhookPageData(WebhookDetails Webhook, Page<WebhookDeliveryDetails>? Deliveries, Page<WebhookAttemptDetails>? Attempts);
