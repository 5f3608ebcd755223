using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>
/// Writes into Postgres how full this gateway's journal is, so that the portal can raise an alert before it is full. Beside the requests' way: a report that fails is left out, the next one comes soon.
/// While Postgres is away nobody reports; gateways say so themselves at <c>/metrics</c> and <c>/health/ready</c>.
/// </summary>
internal sealed partial class JournalReporter(string connectionString, UsageJournalStatus journal, JournalOptions options, TimeProvider time, ILogger<JournalReporter> logger) : BackgroundService
{
    /// <summary>From one report to the next.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(20);

    private const int TimeoutSeconds = 5;

    // One name per folder, which is one process at a time: a restart continues its row, replicas on one machine have rows of their own.
    private readonly string instance = $"{Environment.MachineName}:{Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(options.Folder)))}";

    private readonly string address = new NpgsqlConnectionStringBuilder(connectionString)
    {
        ApplicationName = "gateway-report", MaxPoolSize = 1, MinPoolSize = 0, Timeout = TimeoutSeconds, CommandTimeout = TimeoutSeconds,
    }.ConnectionString;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var database = NpgsqlDataSource.Create(address);
        using var timer = new PeriodicTimer(Every, time);
        var isAway = false;
        do
        {
            try
            {
                await ReportAsync(database, stoppingToken);
                isAway = false;
            }
            catch (Exception fault) when (fault is NpgsqlException or TimeoutException or InvalidOperationException && !stoppingToken.IsCancellationRequested)
            {
                if (!isAway) Log.IsAway(logger, fault);
                isAway = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task ReportAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            insert into gateway_states (instance, at, journal_bytes, journal_max_bytes, journal_depth, journal_oldest_seconds) values ($1, $2, $3, $4, $5, $6)
            on conflict (instance) do update set at = excluded.at, journal_bytes = excluded.journal_bytes, journal_max_bytes = excluded.journal_max_bytes,
                journal_depth = excluded.journal_depth, journal_oldest_seconds = excluded.journal_oldest_seconds
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = instance });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = time.GetUtcNow().UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = journal.Bytes });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = options.MaxBytes });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = journal.Depth });
        command.Parameters.Add(new NpgsqlParameter<double> { TypedValue = journal.OldestPendingAge.TotalSeconds });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Debug, "The state of the journal was not reported")]
        public static partial void IsAway(ILogger logger, Exception fault);
    }
}
