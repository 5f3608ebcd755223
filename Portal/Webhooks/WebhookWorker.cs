using AspireGateway.Portal.Configuration;

namespace AspireGateway.Portal.Webhooks;

/// <summary>Looks every two seconds for what to announce and to deliver.</summary>
internal sealed partial class WebhookWorker(
    WebhookAnnouncer announcer, WebhookDispatcher dispatcher, TimeProvider clock, ILogger<WebhookWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2), ForgetEvery = TimeSpan.FromHours(1);

    private bool isAway;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        var forgotten = clock.GetTimestamp();
        do
        {
            try
            {
                while (await announcer.AnnounceAsync(stoppingToken)) continue;
                while (await dispatcher.DeliverDueAsync(stoppingToken) > 0) continue;
                if (clock.GetElapsedTime(forgotten) >= ForgetEvery)
                {
                    await dispatcher.ForgetAsync(stoppingToken);
                    forgotten = clock.GetTimestamp();
                }
                if (isAway) Log.IsBack(logger);
                isAway = false;
            }
            catch (Exception e) when (e.IsStoreAway() && !stoppingToken.IsCancellationRequested)
            {
                if (!isAway) Log.IsAway(logger, e);
                isAway = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Webhooks wait: the database cannot be reached")]
        public static partial void IsAway(ILogger logger, Exception fault);

        [LoggerMessage(2, LogLevel.Information, "Webhooks go on: the database is back")]
        public static partial void IsBack(ILogger logger);
    }
}
