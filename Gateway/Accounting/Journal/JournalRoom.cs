namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>
/// The journal's segments and the room in them: which one is written to, which are prepared, and whether an entry may be written without taking the room that
/// is kept for running requests. Every call is made under the journal's lock.
/// </summary>
internal sealed class JournalRoom
{
    // In order of their numbers: those of earlier processes, our own, the prepared ones.
    private readonly List<JournalSegment> segments;
    private readonly Queue<JournalSegment> spares = new();
    // The mapped ones that have entries: the current one, and full ones that are not flushed yet.
    private readonly List<JournalSegment> written = new(64);
    private readonly int capacity;

    /// <summary>Room in segments of a given size, after those that are there.</summary>
    public JournalRoom(int segmentBytes, IReadOnlyList<JournalSegment> inherited)
    {
        segments = [.. inherited];
        BytesOnDisk = segments.Sum(s => (long)s.Size);
        capacity = segmentBytes - JournalSegment.HeaderBytes;
        SlotsPerSegment = capacity / UsageJournal.SlotBytes;
    }

    /// <summary>The segment that is written to; null until the first entry.</summary>
    public JournalSegment? Current { get; private set; }

    /// <summary>The prepared segment that comes next.</summary>
    public JournalSegment? Next => spares.TryPeek(out var next) ? next : null;

    /// <summary>The oldest segment there is.</summary>
    public JournalSegment? Oldest => segments.Count > 0 ? segments[0] : null;

    /// <summary>Prepared segments.</summary>
    public int SpareCount => spares.Count;

    /// <summary>Guaranteed closings that fit a segment.</summary>
    public int SlotsPerSegment { get; }

    /// <summary>Guaranteed closings that fit what is left.</summary>
    public long FreeSlots => Free / UsageJournal.SlotBytes + (long)spares.Count * SlotsPerSegment;

    /// <summary>Bytes of all segments, prepared ones included.</summary>
    public long BytesOnDisk { get; private set; }

    /// <summary>Bytes of entries written since the start.</summary>
    public long AppendedBytes { get; private set; }

    private int Free => Current is null ? 0 : Current.Size - Current.Head;

    /// <summary>Whether an entry may take more than half of an empty segment.</summary>
    public bool IsTooLarge(int payloadBytes) => JournalEntry.SizeOf(payloadBytes) > capacity / 2;

    /// <summary>Writes an entry if afterwards there still is a slot for each of <paramref name="openAfter"/> running requests.</summary>
    /// <param name="word">The entry's first word.</param>
    /// <param name="checksum">Its checksum.</param>
    /// <param name="record">First part of the payload.</param>
    /// <param name="journey">Second part of the payload.</param>
    /// <param name="openAfter">Requests that will be running then.</param>
    /// <param name="segment">Where it was written.</param>
    /// <param name="offset">Its offset there.</param>
    /// <param name="rolled">True when that took a prepared segment into use.</param>
    public bool TryPlace(
        ulong word, uint checksum, ReadOnlySpan<byte> record, ReadOnlySpan<byte> journey, int openAfter, out JournalSegment segment, out int offset, out bool rolled)
    {
        (segment, offset, rolled) = (null!, 0, false);
        var size = JournalEntry.SizeOf(record.Length + journey.Length);
        if (size > capacity) return false;
        if (size <= Free)
        {
            if ((Free - size) / UsageJournal.SlotBytes + (long)spares.Count * SlotsPerSegment < openAfter) return false;
        }
        else
        {
            if (spares.Count == 0 || (capacity - size) / UsageJournal.SlotBytes + (spares.Count - 1L) * SlotsPerSegment < openAfter) return false;
            Current?.Seal();
            Current = spares.Dequeue();
            written.Add(Current);
            rolled = true;
        }
        segment = Current!;
        offset = segment.Append(size, word, checksum, record, journey);
        AppendedBytes += size;
        return true;
    }

    /// <summary>Adds a prepared segment.</summary>
    public void Add(JournalSegment spare)
    {
        segments.Add(spare);
        spares.Enqueue(spare);
        BytesOnDisk += spare.Size;
    }

    /// <summary>The first segment whose number is at least <paramref name="number"/>, prepared ones aside; null = there is none.</summary>
    public JournalSegment? From(long number)
    {
        var (low, high) = (0, segments.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (segments[middle].Number < number) low = middle + 1;
            else high = middle;
        }
        return low == segments.Count || spares.Contains(segments[low]) ? null : segments[low];
    }

    /// <summary>Forgets the oldest segment.</summary>
    public void RemoveOldest()
    {
        BytesOnDisk -= segments[0].Size;
        segments.RemoveAt(0);
    }

    /// <summary>The mapped segments that have entries.</summary>
    public JournalSegment[] Written()
    {
        written.RemoveAll(s => !s.IsMapped);
        return [.. written];
    }

    /// <summary>Unmaps everything and removes what was prepared for nothing; nobody writes any more.</summary>
    public void Close()
    {
        foreach (var segment in segments) segment.Dispose();
        foreach (var spare in spares) spare.Delete();
    }
}
