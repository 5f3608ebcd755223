using System.Collections.Concurrent;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AspireGateway.Integration.Tests.Journal;

/// <summary>A journal with its shipper on a folder and a database, as the gateway has it; starts and stops like a process.</summary>
internal sealed class JournalRig : IAsyncDisposable
{
    private readonly UsageStore store;
    private readonly JournalShipper shipper;

    private JournalRig(JournalOptions options, string connectionString)
    {
        Log = new LogLines();
        Journal = UsageJournal.Start(options, TimeProvider.System, Log.For<UsageJournal>());
        Status = new UsageJournalStatus(Journal, new RejectedRecords(Path.Combine(options.Folder, "rejected"), Log.For<RejectedRecords>()), TimeProvider.System);
        store = new UsageStore(connectionString, options.StoreTimeout);
        shipper = new JournalShipper(Journal, store, Status, TimeProvider.System, Log.For<JournalShipper>());
    }

    public UsageJournal Journal { get; }

    public UsageJournalStatus Status { get; }

    public LogLines Log { get; }

    public static async Task<JournalRig> StartAsync(string folder, string connectionString, int segmentBytes = 2 * 1024 * 1024, bool ships = true, int batchBytes = 1024 * 1024)
    {
        var rig = new JournalRig(
            new JournalOptions
            {
                Folder = folder, SegmentBytes = segmentBytes, MaxBytes = 1024L * 1024 * 1024, ShipInterval = TimeSpan.FromMilliseconds(10), BatchBytes = batchBytes,
                FlushInterval = TimeSpan.FromMilliseconds(20), StoreTimeout = TimeSpan.FromSeconds(3), DrainTimeout = TimeSpan.FromSeconds(2),
            },
            connectionString);
        if (ships) await rig.shipper.StartAsync(CancellationToken.None);
        return rig;
    }

    public Task EmptyAsync(int seconds = 30) =>
        Eventually.HoldsAsync(() => Status.IsRecovered && Journal.Depth == 0, TimeSpan.FromSeconds(seconds), "everything is in Postgres");

    /// <summary>The caller's request: opened, and closed when it is to end.</summary>
    public UsageRecord Request(bool ends = true, Action<UsageRecord>? change = null, string? journey = """{"version":1,"revision":3}""")
    {
        var record = Record();
        change?.Invoke(record);
        if (!Journal.TryOpen(Opening(record))) throw new InvalidOperationException("The journal has no room.");
        if (ends) Journal.Close(new JournalClosing(record, journey is null ? default : System.Text.Encoding.UTF8.GetBytes(journey)));
        return record;
    }

    public static JournalOpening Opening(UsageRecord record) => new()
    {
        Id = record.Id,
        AtUs = (record.At - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond,
        RequestId = record.RequestId,
        OrganisationId = record.OrganisationId,
        TeamId = record.TeamId,
        KeyId = record.KeyId,
        Route = record.Route,
        Model = record.Model,
        EstimatedInputTokens = 9,
        EstimatedOutputTokens = 90,
        EstimatedCostNanoUsd = 900,
    };

    public static UsageRecord Record()
    {
        var now = TimeProvider.System.GetUtcNow();
        return new UsageRecord
        {
            Id = Guid.CreateVersion7(now),
            At = new DateTimeOffset(now.Ticks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero),
            RequestId = Guid.NewGuid().ToString("N"),
            OrganisationId = new Guid("0198f000-0000-7000-8000-000000000001"),
            TeamId = new Guid("0198f000-0000-7000-8000-000000000002"),
            KeyId = new Guid("0198f000-0000-7000-8000-000000000003"),
            Route = "chat_completions",
            Model = "fast",
            Provider = "simulator",
            Deployment = "sim-1",
            ServedModel = "sim-large-1",
            FallbackChain = ["sim-1"],
            InputTokens = 12,
            OutputTokens = 34,
            LatencyUs = 51_234,
            OverheadUs = 321,
            Status = UsageStatuses.Ok,
            StatusCode = 200,
            CostNanoUsd = 5_500,
        };
    }

    public static GatewayDbContext Database(string connectionString) =>
        new(new DbContextOptionsBuilder<GatewayDbContext>().UseNpgsql(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString).Options);

    public static async Task<List<UsageRecord>> RecordsAsync(string connectionString)
    {
        await using var database = Database(connectionString);
        return await database.UsageRecords.AsNoTracking().ToListAsync();
    }

    public static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>A graceful stop.</summary>
    public async ValueTask DisposeAsync()
    {
        await shipper.StopAsync(CancellationToken.None);
        shipper.Dispose();
        Journal.Dispose();
        await store.DisposeAsync();
    }
}

/// <summary>What was logged.</summary>
internal sealed class LogLines
{
    private readonly ConcurrentQueue<string> lines = new();

    public IEnumerable<string> All => lines;

    public ILogger<T> For<T>() => new Logger<T>(lines);

    private sealed class Logger<T>(ConcurrentQueue<string> lines) : ILogger<T>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
    }
}
