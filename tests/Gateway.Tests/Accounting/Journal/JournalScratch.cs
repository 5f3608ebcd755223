using System.Collections.Concurrent;
using System.Text;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Shared.Domain;
using Microsoft.Extensions.Logging;

namespace AspireGateway.Gateway.Tests.Accounting.Journal;

/// <summary>A journal folder of its own, and what tests want to know about it.</summary>
internal sealed class JournalScratch : IDisposable
{
    public static readonly byte[] Journey = Encoding.UTF8.GetBytes("""{"version":1,"revision":7,"attempts":[{"deployment":"sim","start_us":10,"end_us":900,"status":200,"outcome":"ok"}]}""");

    /// <summary>What the journal logged, one line each, level first.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    public string Folder { get; } = Directory.CreateTempSubdirectory("journal-").FullName;

    public UsageJournal Start(int segmentBytes = 256 * 1024, long maxBytes = 64 * 1024 * 1024, int flushMs = 10, long degradedDepth = 100_000) => UsageJournal.Start(
        new JournalOptions
        {
            Folder = Folder, SegmentBytes = segmentBytes, MaxBytes = maxBytes, FlushInterval = TimeSpan.FromMilliseconds(flushMs), DegradedDepth = degradedDepth,
        },
        TimeProvider.System, new LineLogger(Log));

    public static JournalOpening Opening(Guid id) => new()
    {
        Id = id,
        AtUs = 1_800_000_000_000_000,
        RequestId = id.ToString("N"),
        OrganisationId = Guid.AllBitsSet,
        TeamId = Guid.AllBitsSet,
        KeyId = Guid.AllBitsSet,
        Route = "chat_completions",
        Model = "fast",
        Provider = "simulator",
        Deployment = "sim-1",
        EstimatedInputTokens = 12,
        EstimatedOutputTokens = 34,
        EstimatedCostNanoUsd = 5_600,
        Streamed = true,
    };

    public static UsageRecord Record(Guid id) => new()
    {
        Id = id,
        At = DateTimeOffset.UnixEpoch.AddTicks(1_800_000_000_000_000 * TimeSpan.TicksPerMicrosecond),
        RequestId = id.ToString("N"),
        OrganisationId = Guid.AllBitsSet,
        TeamId = Guid.AllBitsSet,
        KeyId = Guid.AllBitsSet,
        Route = "chat_completions",
        Model = "fast",
        Provider = "simulator",
        Deployment = "sim-1",
        ServedModel = "sim-large",
        FallbackChain = ["sim-1"],
        PriceVersionId = Guid.AllBitsSet,
        InputTokens = 12,
        OutputTokens = 34,
        LatencyUs = 5_000,
        OverheadUs = 200,
        Status = UsageStatuses.Ok,
        StatusCode = 200,
        CostNanoUsd = 5_500,
    };

    public static JournalClosing Closing(Guid id) => new(Record(id), Journey);

    /// <summary>Every record that the folder stands for: closings as they are, then orphans.</summary>
    public List<UsageRecord> Outcome()
    {
        var records = new List<UsageRecord>();
        var segments = Segments();
        foreach (var segment in segments)
        {
            using var reader = new SegmentReader(segment, 0, new byte[SegmentReader.MinWindow]);
            while (reader.TryNext(segment.Head, out var kind, out _, out var payload))
                if (kind == EntryKind.Closing) records.Add(RecordReader.Decode(JournalEntry.RecordOf(payload)));
        }
        foreach (var (segment, offset) in JournalRecovery.Run(segments, default, default).Orphans)
        {
            using var reader = new SegmentReader(segment, offset, new byte[SegmentReader.MinWindow]);
            Assert.True(reader.TryNext(segment.Head, out var kind, out var at, out var payload));
            Assert.Equal((EntryKind.Opening, offset), (kind, at));
            records.Add(RecordReader.Decode(JournalEntry.RecordOf(payload)));
        }
        return records;
    }

    public JournalSegment[] Segments() =>
        [.. Directory.GetFiles(Folder, "*.segment").Order(StringComparer.Ordinal).Select(f => JournalSegment.Existing(f, JournalSegment.NumberOf(f)!.Value))];

    public static async Task Until(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, "waited 30 s for: " + what);
            await Task.Delay(5);
        }
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private sealed class LineLogger(ConcurrentQueue<string> lines) : ILogger<UsageJournal>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
    }
}
