namespace AspireGateway.Portal.Configuration;

/// <summary>A job that looks into the database again and again for as long as the portal runs. While the database is away it waits; that is said once, and once that it goes on.</summary>
/// <param name="job">What it does, as the log names it.</param>
/// <param name="every">From one look to the next.</param>
/// <param name="clock">The time.</param>
/// <param name="logger">The log.</param>
internal abstract partial class StoreWorker(string job, TimeSpan every, TimeProvider clock, ILogger logger) : BackgroundService
{
    private static readonly TimeSpan TidyEvery = TimeSpan.FromHours(1);

    private bool isAway;

    /// <summary>The time.</summary>
    protected TimeProvider Clock { get; } = clock;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every, Clock);
        var tidied = Clock.GetTimestamp();
        do
        {
            try
            {
                await LookAsync(stoppingToken);
                if (Clock.GetElapsedTime(tidied) >= TidyEvery)
                {
                    await TidyAsync(stoppingToken);
                    tidied = Clock.GetTimestamp();
                }
                if (isAway) Log.IsBack(logger, job);
                isAway = false;
            }
            catch (Exception e) when (e.IsStoreAway() && !stoppingToken.IsCancellationRequested)
            {
                if (!isAway) Log.IsAway(logger, job, e);
                isAway = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Does what there is to do.</summary>
    protected abstract Task LookAsync(CancellationToken cancellationToken);

    /// <summary>Throws away what is kept no longer; once an hour.</summary>
    protected virtual Task TidyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Job} waits: the database cannot be reached, or refused")]
        public static partial void IsAway(ILogger logger, string job, Exception fault);

        [LoggerMessage(2, LogLevel.Information, "{Job} goes on: the database is back")]
        public static partial void IsBack(ILogger logger, string job);
    }
}
