using Npgsql;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>
/// The one writer of usage into Postgres: first the orphans of earlier processes, then every closing in the journal's order, in batches. The checkpoint
/// moves after the commit; killed between the two, the batch is shipped again and changes nothing.
/// </summary>
internal sealed partial class JournalShipper(
    UsageJournal journal, UsageStore store, UsageJournalStatus status, TimeProvider time, ILogger<JournalShipper> logger) : BackgroundService
{
    // Segments that an opening may lie behind the current one before it is written again.
    private const int CarryDistance = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly BatchShipment shipment = new(store, status.Rejected);
    private readonly JournalBatch batch = new(journal.Options.BatchBytes);
    private readonly byte[] window = new byte[Math.Max(256 * 1024, SegmentReader.MinWindow)];
    private readonly Queue<(JournalSegment Segment, int Offset)> orphans = new();
    private SegmentReader? reader;
    private JournalPosition position;
    private JournalPosition noted;
    private bool isFailing;
    private bool cannotNote;

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        try
        {
            await RunAsync(untilEmpty: false, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            using var limit = new CancellationTokenSource(journal.Options.DrainTimeout, time);
            try
            {
                await RunAsync(untilEmpty: true, limit.Token);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                Log.LeftBehind(logger, journal.Depth);
            }
        }
        finally
        {
            reader?.Dispose();
            reader = null;
        }
    }

    private async Task RunAsync(bool untilEmpty, CancellationToken cancellationToken)
    {
        if (!status.IsRecovered) await RetryAsync(RecoverAsync, cancellationToken);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await RetryAsync(StepAsync, cancellationToken);
            if (batch.IsFull || orphans.Count > 0) continue;
            if (!untilEmpty) await Task.Delay(journal.Options.ShipInterval, time, cancellationToken);
            else if (batch.Count == 0) return;
        }
    }

    private Task RecoverAsync(CancellationToken cancellationToken)
    {
        noted = position = journal.Folder.Checkpoint.AtStart;
        var found = JournalRecovery.Run(journal.Inherited, position, cancellationToken);
        foreach (var orphan in found.Orphans) orphans.Enqueue(orphan);
        journal.AddInherited(found.Closings + found.Orphans.Count);
        status.IsRecovered = true;
        if (journal.Inherited.Count > 0)
            Log.Recovered(logger, journal.Inherited.Count, found.Closings, found.Orphans.Count, found.TornSegments, journal.Inherited.Count(s => s.IsDamaged));
        return Task.CompletedTask;
    }

    private async Task StepAsync(CancellationToken cancellationToken)
    {
        batch.Clear();
        var orphansTaken = FillWithOrphans();
        var next = orphansTaken > 0 ? position : FillWithClosings();
        if (batch.Count > 0)
        {
            status.OldestPendingUs = RecordEncoder.AtUsOf(JournalEntry.RecordOf(batch[0]));
            try
            {
                await shipment.ShipAsync(batch, cancellationToken);
            }
            catch
            {
                // The reader is behind the batch: begin again where the last one ended.
                ResetReader();
                throw;
            }
            status.IsStoreUp = true;
            for (; orphansTaken > 0; orphansTaken--) orphans.Dequeue();
            status.AddShipped(batch.Count);
            if (!batch.IsFull) status.OldestPendingUs = 0;
            // Last: whoever sees that nothing is left finds everything else told.
            journal.AddShipped(batch.Count);
        }
        position = next;
        NotePosition();
        // Orphans come first: while there are some, nothing may go.
        if (orphans.Count == 0) Tidy();
    }

    private int FillWithOrphans()
    {
        var taken = 0;
        SegmentReader? source = null;
        try
        {
            foreach (var (segment, offset) in orphans)
            {
                if (batch.IsFull) break;
                if (source?.Segment != segment || source.Offset > offset)
                {
                    source?.Dispose();
                    source = new SegmentReader(segment, offset, new byte[window.Length]);
                }
                while (source.TryNext(segment.Head, out _, out var at, out var payload) && at <= offset)
                    if (at == offset)
                    {
                        batch.Add(payload);
                        break;
                    }
                taken++;
            }
        }
        finally
        {
            source?.Dispose();
        }
        return taken;
    }

    private JournalPosition FillWithClosings()
    {
        var at = position;
        while (!batch.IsFull && journal.SegmentFrom(at.Segment) is { } segment)
        {
            if (segment.Number != at.Segment) at = new JournalPosition(segment.Number, JournalSegment.HeaderBytes);
            if (reader is null || reader.Segment != segment || reader.Offset != at.Offset)
            {
                reader?.Dispose();
                reader = new SegmentReader(segment, at.Offset, window);
            }
            // In this order: once it is sealed, the head is final.
            var isSealed = segment.IsSealed;
            var head = segment.Head;
            while (!batch.IsFull && reader.TryNext(head, out var kind, out _, out var payload))
                if (kind == EntryKind.Closing) batch.Add(payload);
            at = new JournalPosition(segment.Number, reader.Offset);
            if (reader.Offset < head) break;
            if (!isSealed) break;
            at = new JournalPosition(segment.Number + 1, JournalSegment.HeaderBytes);
        }
        return at;
    }

    // A checkpoint that cannot be written costs work after a restart, nothing else: shipping and freeing room go on.
    private void NotePosition()
    {
        if (position == noted) return;
        try
        {
            journal.Folder.Checkpoint.Write(position);
            noted = position;
            cannotNote = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!cannotNote) Log.CannotNote(logger, journal.Folder.Path, e.Message);
            cannotNote = true;
        }
    }

    private void Tidy()
    {
        var freed = false;
        while (journal.TakeFinished(position) is { } segment)
        {
            if (reader?.Segment == segment) ResetReader();
            if (segment.IsDamaged)
            {
                var kept = $"{segment.Path}.{time.GetUtcNow():yyyyMMddHHmmss}.damaged";
                File.Move(segment.Path, kept, overwrite: true);
                Log.Damaged(logger, kept);
            }
            else
            {
                segment.Delete();
            }
            freed = true;
        }
        if (freed) journal.WakeKeeper();

        SegmentReader? source = null;
        try
        {
            foreach (var (segment, id, offset) in journal.HoldingBack(position, CarryDistance).OrderBy(h => h.Offset))
            {
                source ??= new SegmentReader(segment, offset, new byte[window.Length]);
                while (source.TryNext(segment.Head, out _, out var at, out var payload) && at <= offset)
                    if (at == offset)
                    {
                        if (!journal.TryCarry(segment, id, offset, payload)) return;
                        break;
                    }
            }
        }
        finally
        {
            source?.Dispose();
        }
    }

    private void ResetReader()
    {
        reader?.Dispose();
        reader = null;
    }

    // Runs a step until it succeeds. One line when it begins to fail, one when it works again.
    private async Task RetryAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks)))
        {
            try
            {
                await step(cancellationToken);
                if (isFailing) Log.StoreIsBack(logger, journal.Depth);
                isFailing = false;
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                // Whatever it is, the journal keeps the records: nothing here is worth ending the gateway for.
                if (!isFailing) Log.StoreIsAway(logger, Describe(e), journal.Depth);
                isFailing = true;
                if (e is NpgsqlException) status.IsStoreUp = false;
            }
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private static string Describe(Exception e) => e is PostgresException p ? $"SQLSTATE {p.SqlState}: {p.MessageText}" : e.Message;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information,
            "Usage journal recovered: {Segments} segments of earlier processes, {Closings} records to ship, {Orphans} requests that never ended, {Torn} torn ends, {Damaged} damaged segments.")]
        public static partial void Recovered(ILogger logger, int segments, long closings, int orphans, int torn, int damaged);

        [LoggerMessage(2, LogLevel.Error, "Usage records cannot be copied to Postgres ({Reason}). {Depth} wait in the journal; the gateway goes on.")]
        public static partial void StoreIsAway(ILogger logger, string reason, long depth);

        [LoggerMessage(3, LogLevel.Information, "Usage records are copied to Postgres again; {Depth} wait in the journal.")]
        public static partial void StoreIsBack(ILogger logger, long depth);

        [LoggerMessage(4, LogLevel.Error, "A segment of the usage journal was damaged. What could be read of it is recorded; the file is kept as {Path}.")]
        public static partial void Damaged(ILogger logger, string path);

        [LoggerMessage(6, LogLevel.Warning, "The checkpoint of the usage journal in {Folder} cannot be written: {Reason}. After a restart more is shipped again, to no effect.")]
        public static partial void CannotNote(ILogger logger, string folder, string reason);

        [LoggerMessage(5, LogLevel.Warning, "Stopped with {Depth} usage records not yet in Postgres; they are in the journal and go there at the next start.")]
        public static partial void LeftBehind(ILogger logger, long depth);
    }
}
