namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>
/// A thread of the journal's own that prepares segments ahead, so that requests never meet the disk, and says once when the journal stops or starts taking
/// requests. It never waits for a flush: a disk that stalls on one must not stop the supply of room.
/// </summary>
internal sealed partial class JournalKeeper(UsageJournal journal, JournalFolder folder, TimeProvider time, ILogger logger) : IDisposable
{
    private static readonly TimeSpan RetryDisk = TimeSpan.FromSeconds(1);

    private readonly AutoResetEvent wake = new(false);
    private Thread? thread;
    private volatile bool stopping;
    private volatile bool isAccepting = true;
    private long nextNumber;
    private long seenBytes;
    private long seenRefused;
    private long diskFailedAt;
    private string? diskFault;

    /// <summary>False from the first refusal on until there is room again.</summary>
    public bool IsAccepting => isAccepting;

    /// <summary>Prepares the first segments, then goes to work.</summary>
    public void Start()
    {
        var last = journal.Inherited.Count == 0 ? 0 : journal.Inherited[^1].Number;
        // A number is never used again, or the checkpoint would skip what is written under it.
        nextNumber = Math.Max(last, folder.Checkpoint.AtStart.Segment) + 1;
        Prepare(journal.View(), rolled: 0);
        thread = new Thread(Run) { IsBackground = true, Name = "journal keeper" };
        thread.Start();
    }

    /// <summary>Does a round now.</summary>
    public void Wake() => wake.Set();

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        stopping = true;
        wake.Set();
        thread?.Join();
        wake.Dispose();
    }

    private void Run()
    {
        while (!stopping)
        {
            wake.WaitOne(journal.Options.FlushInterval);
            var view = journal.View();
            var written = view.AppendedBytes - seenBytes;
            seenBytes = view.AppendedBytes;
            Prepare(view, (int)Math.Min(written / journal.Options.SegmentBytes, 64));
            Report(journal.View());
        }
    }

    private void Prepare(in JournalView view, int rolled)
    {
        if (diskFault is not null && time.GetElapsedTime(diskFailedAt) < RetryDisk) return;
        var wanted = 2 + rolled + view.OpenCount / view.SlotsPerSegment;
        var bytes = view.BytesOnDisk;
        for (var have = view.SpareCount; have < wanted && bytes + journal.Options.SegmentBytes <= journal.Options.MaxBytes; have++)
        {
            try
            {
                journal.AddSpare(JournalSegment.Create(folder.Path, nextNumber, journal.Options.SegmentBytes));
                nextNumber++;
                bytes += journal.Options.SegmentBytes;
                diskFault = null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (diskFault is null) Log.CannotPrepare(logger, folder.Path, e.Message);
                diskFault = e.Message;
                diskFailedAt = time.GetTimestamp();
                return;
            }
        }
    }

    private void Report(in JournalView view)
    {
        var refused = view.RefusedCount - seenRefused;
        seenRefused = view.RefusedCount;
        if (refused > 0)
        {
            if (isAccepting)
                Log.Refuses(logger, folder.Path, diskFault ?? $"it holds {view.BytesOnDisk} of {journal.Options.MaxBytes} bytes", journal.Depth);
            isAccepting = false;
        }
        else if (!isAccepting && view.FreeSlots > view.SlotsPerSegment / 2)
        {
            isAccepting = true;
            Log.Accepts(logger, folder.Path);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The usage journal in {Folder} has no room ({Reason}); {Depth} records wait for Postgres. New requests are refused, running ones are recorded.")]
        public static partial void Refuses(ILogger logger, string folder, string reason, long depth);

        [LoggerMessage(2, LogLevel.Information, "The usage journal in {Folder} has room again and takes requests.")]
        public static partial void Accepts(ILogger logger, string folder);

        [LoggerMessage(3, LogLevel.Error, "The usage journal cannot prepare a segment in {Folder}: {Reason}. It goes on with the room that it has and tries again every second.")]
        public static partial void CannotPrepare(ILogger logger, string folder, string reason);
    }
}
