using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Webhooks;

/// <summary>Looks every two seconds for what to announce and to deliver.</summary>
internal sealed class WebhookWorker(WebhookAnnouncer announcer, WebhookDispatcher dispatcher, TimeProvider clock, ILogger<WebhookWorker> logger)
    : StoreWorker("Calling webhooks", TimeSpan.FromSeconds(2), clock, logger)
{
    /// <inheritdoc />
    protected override async Task LookAsync(CancellationToken cancellationToken)
    {
        while (await announcer.AnnounceAsync(cancellationToken)) continue;
        while (await dispatcher.DeliverDueAsync(cancellationToken) > 0) continue;
    }

    /// <inheritdoc />
    protected override Task TidyAsync(CancellationToken cancellationToken) => dispatcher.ForgetAsync(cancellationToken);
}
