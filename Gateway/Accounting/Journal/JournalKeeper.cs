using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>
/// The journal's own thread, so that requests never meet the disk: forces what was written to disk (group commit), prepares segments ahead, takes page faults
/// ahead, lets go of full segments, and says once when the journal stops or starts taking requests.
/// </summary>
internal sealed partial class JournalKeeper(UsageJournal journal, JournalFolder folder, TimeProvider time, ILogger logger) : IDisposable
{
    private const int MinAhead = 64 * 1024;
    private const int MaxAhead = 4 * 1024 * 1024;

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
    private bool flushFails;

    /// <summary>False from the first refusal on until there is room again.</summary>
    public bool IsAccepting => isAccepting;

    /// <summary>Prepares the first segments, then goes to work.</summary>
    public void Start()
    {
        var last = journal.Inherited.Count == 0 ? 0 : journal.Inherited[^1].Number;
        // A number is never used again, or the checkpoint would skip what is written under it.
        nextNumber = Math.Max(last, folder.ReadCheckpoint().Segment) + 1;
        Prepare(journal.View(), rolled: 0);
        thread = new Thread(Run) { IsBackground = true, Name = "usage journal" };
        thread.Start();
    }

    /// <summary>Does a round now.</summary>
    public void Wake() => wake.Set();

    /// <summary>Ends the thread after a last flush.</summary>
    public void Dispose()
    {
        stopping = true;
        wake.Set();
        thread?.Join();
        Flush(journal.View());
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
            Flush(view);
            Touch(view, (int)Math.Clamp(2 * written, MinAhead, MaxAhead));
            Report(journal.View());
        }
    }

    private void Prepare(in KeeperView view, int rolled)
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

    private void Flush(in KeeperView view)
    {
        foreach (var segment in view.Mapped)
        {
            var isSealed = segment.IsSealed;
            try
            {
                segment.Flush();
                if (flushFails) Log.FlushesAgain(logger, folder.Path);
                flushFails = false;
            }
            catch (IOException e)
            {
                if (!flushFails) Log.CannotFlush(logger, folder.Path, e.Message);
                flushFails = true;
                return;
            }
            if (isSealed) segment.Dispose();
        }
    }

    private static void Touch(in KeeperView view, int bytes)
    {
        view.Current?.Touch(bytes);
        if (view.Current is null || view.Current.Size - view.Current.Head < bytes) view.Next?.Touch(bytes);
    }

    private void Report(in KeeperView view)
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

        [LoggerMessage(4, LogLevel.Error, "The usage journal in {Folder} cannot be forced to disk: {Reason}. Records still survive the end of this process, not that of the machine.")]
        public static partial void CannotFlush(ILogger logger, string folder, string reason);

        [LoggerMessage(5, LogLevel.Information, "The usage journal in {Folder} is forced to disk again.")]
        public static partial void FlushesAgain(ILogger logger, string folder);
    }
}

/// <summary>The journal's state as its keeper sees it.</summary>
/// <param name="Mapped">Mapped segments that entries were or are written to.</param>
/// <param name="Current">The one that is written to.</param>
/// <param name="Next">The prepared one that comes next.</param>
/// <param name="SpareCount">Prepared segments.</param>
/// <param name="OpenCount">Running requests.</param>
/// <param name="SlotsPerSegment">Guaranteed closings that fit a segment.</param>
/// <param name="FreeSlots">Slots beyond those kept for running requests.</param>
/// <param name="AppendedBytes">Bytes written since the start.</param>
/// <param name="RefusedCount">Entries refused since the start.</param>
/// <param name="BytesOnDisk">Bytes of all segments.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KeeperView(
    JournalSegment[] Mapped, JournalSegment? Current, JournalSegment? Next, int SpareCount, int OpenCount, int SlotsPerSegment, long FreeSlots,
    long AppendedBytes, long RefusedCount, long BytesOnDisk);
