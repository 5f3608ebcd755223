namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>
/// A thread of the journal's own that forces what was written to disk (group commit), takes page faults ahead of the requests and lets go of segments
/// that are full and flushed. It alone unmaps segments.
/// </summary>
internal sealed partial class JournalFlusher(UsageJournal journal, ILogger logger) : IDisposable
{
    private const int MinAhead = 64 * 1024;
    private const int MaxAhead = 4 * 1024 * 1024;

    private readonly ManualResetEventSlim stop = new(false);
    private Thread? thread;
    private long seenBytes;
    private bool isFailing;

    /// <summary>Goes to work.</summary>
    public void Start()
    {
        thread = new Thread(Run) { IsBackground = true, Name = "journal flusher" };
        thread.Start();
    }

    /// <summary>Ends the thread after a last flush.</summary>
    public void Dispose()
    {
        stop.Set();
        thread?.Join();
        Flush(journal.View());
        stop.Dispose();
    }

    private void Run()
    {
        while (!stop.Wait(journal.Options.FlushInterval))
        {
            var view = journal.View();
            var ahead = (int)Math.Clamp(2 * (view.AppendedBytes - seenBytes), MinAhead, MaxAhead);
            if (view.AppendedBytes == seenBytes && !isFailing) continue;
            seenBytes = view.AppendedBytes;
            Touch(view, ahead);
            Flush(view);
            // The flush has made the page at the head read-only: the next write to it would fault.
            Touch(view, 0);
        }
    }

    private void Flush(in JournalView view)
    {
        foreach (var segment in view.Mapped)
        {
            var isSealed = segment.IsSealed;
            try
            {
                segment.Flush();
                if (isFailing) Log.FlushesAgain(logger, journal.Folder.Path);
                isFailing = false;
            }
            catch (IOException e)
            {
                if (!isFailing) Log.CannotFlush(logger, journal.Folder.Path, e.Message);
                isFailing = true;
                return;
            }
            if (isSealed) segment.Dispose();
        }
    }

    private static void Touch(in JournalView view, int bytes)
    {
        view.Current?.Touch(bytes);
        if (view.Current is null || view.Current.Size - view.Current.Head < bytes) view.Next?.Touch(bytes);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The usage journal in {Folder} cannot be forced to disk: {Reason}. Records still survive the end of this process, not that of the machine.")]
        public static partial void CannotFlush(ILogger logger, string folder, string reason);

        [LoggerMessage(2, LogLevel.Information, "The usage journal in {Folder} is forced to disk again.")]
        public static partial void FlushesAgain(ILogger logger, string folder);
    }
}
