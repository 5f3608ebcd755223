using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Journal;

namespace AspireGateway.JournalChild;

/// <summary>
/// Opens and closes requests until it is killed, at full speed first, and reports on standard output what it has done, after it was done: frames of one
/// letter (O opened, C closed) and sixteen bytes of id.
/// </summary>
internal sealed class Worker(UsageJournal journal, Stream reports, int seed)
{
    private const int FullSpeed = 1_500;
    private const int FrameBytes = 17;

    private readonly Random random = new(seed);
    private readonly byte[] frames = new byte[FrameBytes * 64];
    private int framed;

    public void Run()
    {
        var running = new List<Guid>();
        for (var i = 0; ; i++)
        {
            var record = Requests.Record(seed + i);
            if (!journal.TryOpen(Requests.Opening(record))) continue;
            running.Add(record.Id);
            Report('O', record.Id);
            if (running.Count > 20 || random.Next(3) > 0)
            {
                var at = random.Next(running.Count);
                journal.Close(Requests.Closing(running[at]));
                Report('C', running[at]);
                running.RemoveAt(at);
            }
            if (i > FullSpeed && i % 20 == 0) Thread.Sleep(1);
        }
    }

    private void Report(char what, Guid id)
    {
        frames[framed] = (byte)what;
        id.TryWriteBytes(frames.AsSpan(framed + 1));
        framed += FrameBytes;
        if (framed < frames.Length) return;
        // Less than PIPE_BUF: the pipe takes it as a whole or not at all.
        lock (reports)
        {
            reports.Write(frames);
            reports.Flush();
        }
        framed = 0;
    }
}
