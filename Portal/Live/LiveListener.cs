using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Portal.Live;

/// <summary>Hears on one connection what all open pages of this portal follow, whichever portal or gateway changed it.</summary>
internal sealed partial class LiveListener(NpgsqlDataSource database, LiveSignals signals, TimeProvider clock, ILogger<LiveListener> logger) : BackgroundService
{
    /// <summary>The channel on which a finished roll-up is announced.</summary>
    public const string UsageChannel = "usage_rolled_up";

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(500), LastRetry = TimeSpan.FromSeconds(15), PingEvery = TimeSpan.FromSeconds(30);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (retry, isAway) = (FirstRetry, false);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(stoppingToken);
                connection.Notification += (_, heard) => signals.Raise(heard.Channel == UsageChannel ? LiveSubjects.Usage : LiveSubjects.Configuration);
                await using (var listen = new NpgsqlCommand($"listen {ConfigurationKinds.NotifyChannel}; listen {UsageChannel}", connection)) await listen.ExecuteNonQueryAsync(stoppingToken);
                if (isAway)
                {
                    Log.IsBack(logger);
                    // What was announced meanwhile was not heard.
                    signals.Raise(LiveSubjects.Configuration | LiveSubjects.Usage);
                }
                (retry, isAway) = (FirstRetry, false);
                while (true)
                {
                    if (await connection.WaitAsync(PingEvery, stoppingToken)) continue;
                    // A connection that died without a word would be silent for ever.
                    await using var ping = new NpgsqlCommand("select 1", connection);
                    await ping.ExecuteNonQueryAsync(stoppingToken);
                }
            }
            catch (Exception e) when (e.IsStoreAway() && !stoppingToken.IsCancellationRequested)
            {
                if (!isAway) Log.IsAway(logger, e);
                isAway = true;
                await Task.Delay(retry, clock, stoppingToken);
                retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Open pages do not hear of changes: the database cannot be reached. They show them when they are loaded again")]
        public static partial void IsAway(ILogger logger, Exception fault);

        [LoggerMessage(2, LogLevel.Information, "Open pages hear of changes again")]
        public static partial void IsBack(ILogger logger);
    }
}
