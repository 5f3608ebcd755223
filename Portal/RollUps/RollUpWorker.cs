using AspireGateway.Portal.Configuration;
using Microsoft.Extensions.Options;

namespace AspireGateway.Portal.RollUps;

/// <summary>Rolls usage up, a batch at a time, as long as the portal runs. Any number of portals may: they take turns.</summary>
internal sealed partial class RollUpWorker(RollUpBatch batch, RollUpMetrics metrics, IOptions<RollUpOptions> options, TimeProvider clock, ILogger<RollUpWorker> logger) : BackgroundService
{
    private static readonly TimeSpan ForgetEvery = TimeSpan.FromHours(1);

    private bool isAway;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(options.Value.EveryMs), clock);
        var forgotten = clock.GetTimestamp();
        do
        {
            try
            {
                RollUpStep step;
                do
                {
                    step = await batch.RunAsync(stoppingToken);
                    metrics.Count(step.Records);
                }
                while (step.IsMore);
                await metrics.LookAsync(stoppingToken);
                if (clock.GetElapsedTime(forgotten) >= ForgetEvery)
                {
                    await batch.ForgetAsync(stoppingToken);
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
        [LoggerMessage(1, LogLevel.Warning, "Usage waits to be rolled up: the database cannot be reached, or refused. Sums stay right meanwhile, only slower")]
        public static partial void IsAway(ILogger logger, Exception fault);

        [LoggerMessage(2, LogLevel.Information, "Usage is rolled up again")]
        public static partial void IsBack(ILogger logger);
    }
}
