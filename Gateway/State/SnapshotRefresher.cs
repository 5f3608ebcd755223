using Npgsql;

namespace AspireGateway.Gateway.State;

/// <summary>
/// Keeps the snapshot equal to Postgres: listens for each new revision, and asks for it every few seconds in case a notification was lost. While
/// Postgres is away the last snapshot stays; at a start without Postgres, the last-good copy on disk serves.
/// </summary>
internal sealed partial class SnapshotRefresher(
    ListenerSource source, SnapshotLoader loader, SnapshotHolder holder, SnapshotStatus status, SnapshotKeeper keeper, SnapshotFile? file, TimeProvider clock,
    ILogger<SnapshotRefresher> logger) : BackgroundService
{
    /// <summary>Time between two questions for the revision when nothing is announced.</summary>
    public static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(200), LastRetry = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LoadLimit = TimeSpan.FromSeconds(60);

    private bool fileWasTried;
    private string? reported;
    private long lostAt;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var retry = FirstRetry;
        while (!stoppingToken.IsCancellationRequested)
        {
            var loading = false;
            try
            {
                await using var connection = await source.OpenAsync(stoppingToken);
                // An announcement that comes with the answer to a load is handed out then, and a wait begun afterwards would not return for it.
                var announced = false;
                connection.Notification += (_, _) => announced = true;
                // Announcements made before this are not heard, so the first load comes after it.
                await using (var listen = new NpgsqlCommand($"listen {Shared.Domain.ConfigurationKinds.NotifyChannel}", connection))
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                while (true)
                {
                    loading = true;
                    announced = false;
                    await ReloadAsync(connection, stoppingToken);
                    loading = false;
                    retry = FirstRetry;
                    if (!announced) await connection.WaitAsync(PollEvery, stoppingToken);
                }
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // Whatever it is, the loop must live on: without it a revoked key would stay valid until the next start.
                Lost(fault, loading);
            }
            TryFile();
            try
            {
                await Task.Delay(retry, clock, stoppingToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            retry = retry * 2 < LastRetry ? retry * 2 : LastRetry;
        }
    }

    private async Task ReloadAsync(NpgsqlConnection connection, CancellationToken stoppingToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        limit.CancelAfter(LoadLimit);
        var started = clock.GetTimestamp();
        var load = await loader.LoadAsync(connection, holder.Current, limit.Token);
        status.Loaded(load);
        if (reported is not null)
        {
            Log.Back(logger, clock.GetElapsedTime(lostAt).TotalSeconds, load.Snapshot.Revision);
            reported = null;
        }
        if (load.Kind == SnapshotLoadKind.Unchanged) return;
        holder.Swap(load.Snapshot);
        keeper.Changed();
        var milliseconds = clock.GetElapsedTime(started).TotalMilliseconds;
        if (load.Kind == SnapshotLoadKind.Full) Log.Loaded(logger, load.Snapshot.Revision, load.Snapshot.Organisations.Count, load.Snapshot.Keys.Count, milliseconds);
        else Log.Changed(logger, load.Snapshot.Revision, milliseconds);
        Report(load.Faults);
    }

    private void Lost(Exception fault, bool whileLoading)
    {
        var kind = StoreErrors.KindOf(fault);
        status.Failed(kind, whileLoading);
        // One line per change of state: the retries that follow say nothing new.
        if (reported == kind) return;
        if (reported is null) lostAt = clock.GetTimestamp();
        reported = kind;
        Log.Lost(logger, kind, Hint(kind), status.Source, kind == "unexpected" ? fault : null);
    }

    private void TryFile()
    {
        if (fileWasTried || holder.Current is not null || file is null) return;
        fileWasTried = true;
        var reading = file.Read();
        if (reading.Problem is { } problem) Log.FileIgnored(logger, problem);
        if (reading.Snapshot is not { } snapshot) return;
        holder.Swap(snapshot);
        Log.FromFile(logger, snapshot.Revision, snapshot.LoadedAt, snapshot.Keys.Count);
        Report(reading.Faults);
    }

    private void Report(IReadOnlyList<ConfigurationFault> faults)
    {
        foreach (var fault in faults)
            Log.Fault(logger, fault.OrganisationId, fault.Kind, fault.EntityId, fault.Reason, fault.KeptPrevious ? "its last good version stays" : "it is left out");
    }

    private static string Hint(string kind) => kind switch
    {
        "schema" => "run the migration (Portal migrate)",
        "refused" => "check user, password and rights in ConnectionStrings__gatewaydb",
        _ => "check that Postgres runs and that ConnectionStrings__gatewaydb leads to it",
    };

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Configuration loaded: revision {Revision}, {Organisations} organisations, {Keys} keys, {Milliseconds:0} ms")]
        public static partial void Loaded(ILogger logger, long revision, int organisations, int keys, double milliseconds);

        [LoggerMessage(2, LogLevel.Debug, "Configuration changed: revision {Revision}, {Milliseconds:0.0} ms")]
        public static partial void Changed(ILogger logger, long revision, double milliseconds);

        [LoggerMessage(3, LogLevel.Warning, "Configuration store lost ({Kind}): {Hint}. Serving from: {Source}")]
        public static partial void Lost(ILogger logger, string kind, string hint, string source, Exception? fault);

        [LoggerMessage(4, LogLevel.Information, "Configuration store back after {Seconds:0.0} s, at revision {Revision}")]
        public static partial void Back(ILogger logger, double seconds, long revision);

        [LoggerMessage(5, LogLevel.Warning, "Serving from the last-good configuration: revision {Revision} of {LoadedAt:u}, {Keys} keys")]
        public static partial void FromFile(ILogger logger, long revision, DateTimeOffset loadedAt, int keys);

        [LoggerMessage(6, LogLevel.Warning, "The last-good configuration is ignored: {Problem}")]
        public static partial void FileIgnored(ILogger logger, string problem);

        [LoggerMessage(7, LogLevel.Error, "Configuration fault in organisation {Organisation}: {Kind} {Entity}: {Reason}; {Consequence}")]
        public static partial void Fault(ILogger logger, Guid organisation, string kind, Guid entity, string reason, string consequence);
    }
}
