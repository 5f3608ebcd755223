using Microsoft.Win32.SafeHandles;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>
/// Reads a segment's entries in order through a window of bounded size, also while it is being written. What is no entry is stepped over, so damage in the
/// middle costs only what it hit. Reads by system calls: a bad disk is an exception here, not a fault.
/// </summary>
internal sealed class SegmentReader : IDisposable
{
    private readonly SafeFileHandle handle;
    private readonly byte[] window;
    private int windowAt;
    private int windowLength;
    private long skipped;
    private bool skippedContent;

    /// <summary>Opens a segment.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="from">Where to begin: an entry's offset, or anything before the first.</param>
    /// <param name="window">Buffer, longer than the longest entry; not shared while this reads.</param>
    public SegmentReader(JournalSegment segment, int from, byte[] window)
    {
        Segment = segment;
        this.window = window;
        handle = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
        Offset = Math.Max(from, JournalSegment.HeaderBytes);
    }

    /// <summary>Smallest window that takes every entry.</summary>
    public static int MinWindow => JournalEntry.SizeOf(JournalEntry.MaxPayloadBytes) + 8;

    /// <summary>What is read.</summary>
    public JournalSegment Segment { get; }

    /// <summary>Where the next entry is looked for.</summary>
    public int Offset { get; private set; }

    /// <summary>Bytes that were no entry but had entries behind them: damage. Zero in a sound segment.</summary>
    public long DamagedBytes { get; private set; }

    /// <summary>Whether something that is no entry lies behind the last one: an entry that was being written when the machine went down.</summary>
    public bool HasTornTail => skippedContent;

    /// <summary>Steps to the next entry.</summary>
    /// <param name="limit">Up to where the segment may be read.</param>
    /// <param name="kind">The entry's kind.</param>
    /// <param name="at">Where it lies.</param>
    /// <param name="payload">Its payload, good until the next call.</param>
    /// <returns>False when there is none before the limit.</returns>
    /// <exception cref="IOException">The disk refused.</exception>
    public bool TryNext(int limit, out EntryKind kind, out int at, out ReadOnlySpan<byte> payload)
    {
        while (Offset < limit)
        {
            var bytes = Window(limit);
            var isWhole = Offset + bytes.Length >= limit;
            switch (JournalEntry.TryRead(bytes, isWhole, out kind, out payload))
            {
                case EntryReading.Found:
                    at = Offset;
                    Offset += JournalEntry.SizeOf(payload.Length);
                    if (skipped > 0) DamagedBytes += skipped;
                    skipped = 0;
                    skippedContent = false;
                    return true;
                case EntryReading.Empty:
                    var zeros = bytes.IndexOfAnyExcept((byte)0);
                    Skip(zeros < 0 ? bytes.Length : Math.Max(8, zeros & ~7));
                    break;
                case EntryReading.NeedsMore when Refill(limit):
                    break;
                default:
                    skippedContent = true;
                    Skip(8);
                    break;
            }
        }
        kind = default;
        at = 0;
        payload = default;
        return false;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => handle.Dispose();

    private void Skip(int bytes)
    {
        Offset += bytes;
        skipped += bytes;
    }

    private ReadOnlySpan<byte> Window(int limit)
    {
        if (Offset < windowAt || Offset >= windowAt + windowLength) Refill(limit);
        return window.AsSpan(Offset - windowAt, Math.Max(0, Math.Min(windowLength, limit - windowAt) - (Offset - windowAt)));
    }

    // Reads on from Offset; false when that brought nothing new.
    private bool Refill(int limit)
    {
        var before = windowAt + windowLength;
        var same = windowAt == Offset;
        windowAt = Offset;
        windowLength = 0;
        var wanted = Math.Min(window.Length, limit - Offset);
        while (windowLength < wanted)
        {
            var read = RandomAccess.Read(handle, window.AsSpan(windowLength, wanted - windowLength), windowAt + windowLength);
            if (read == 0) break;
            windowLength += read;
        }
        // A file that is shorter than it should be ends in zeros.
        if (windowLength < wanted) window.AsSpan(windowLength, wanted - windowLength).Clear();
        windowLength = wanted;
        return !same || windowAt + windowLength > before;
    }
}
