using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>
/// The journal on local disk that every request passes through: an opening before the first byte goes out, a closing when it is over. Both are copies
/// into memory that the kernel owns (see <see cref="JournalSegment"/>): no system call, no wait for a disk, no allocation. What is written survives the end
/// of the process; it survives the end of the machine after the next flush.
/// </summary>
/// <remarks>
/// Room is kept for the closing of every open request: at any moment the free room, in slots of <see cref="SlotBytes"/>, is at least the number of open
/// requests. What would break that is refused (an opening) or written in its short form, which fits a slot (a closing).
/// </remarks>
internal sealed class UsageJournal : IDisposable
{
    /// <summary>Room that an opening keeps for its closing; the short form of a closing fits.</summary>
    public const int SlotBytes = 2048;

    [ThreadStatic]
    private static byte[]? scratch;

    private readonly Lock gate = new();
    private readonly Dictionary<Guid, OpenRequest> open = new(1024);
    private readonly JournalRoom room;
    private readonly JournalFolder folder;
    private readonly JournalKeeper keeper;
    private readonly JournalFlusher flusher;

    private bool stopped;
    private long closedCount;
    private long inheritedDepth;
    private long shippedDepth;
    private long refusedCount;

    private UsageJournal(JournalOptions options, JournalFolder folder, TimeProvider time, ILogger logger)
    {
        Options = options;
        this.folder = folder;
        Inherited = [.. folder.Segments()];
        room = new JournalRoom(options.SegmentBytes, Inherited);
        keeper = new JournalKeeper(this, folder, time, logger);
        flusher = new JournalFlusher(this, logger);
    }

    /// <summary>The settings it runs with.</summary>
    public JournalOptions Options { get; }

    /// <summary>Its folder.</summary>
    public JournalFolder Folder => folder;

    /// <summary>Segments that earlier processes left, oldest first; <see cref="JournalRecovery"/> looks for orphans in them.</summary>
    public IReadOnlyList<JournalSegment> Inherited { get; }

    /// <summary>Closings written by this process.</summary>
    public long ClosedCount => Interlocked.Read(ref closedCount);

    /// <summary>Records that are closed and not yet in Postgres; those of earlier processes count once the recovery has found them.</summary>
    public long Depth => Math.Max(0, ClosedCount + Interlocked.Read(ref inheritedDepth) - Interlocked.Read(ref shippedDepth));

    /// <summary>Records that were ever to be shipped: closed by this process, or found at its start.</summary>
    public long ClosedTotal => ClosedCount + Interlocked.Read(ref inheritedDepth);

    /// <summary>Those of them that were.</summary>
    public long ShippedTotal => Interlocked.Read(ref shippedDepth);

    /// <summary>Requests that are running.</summary>
    public int OpenCount
    {
        get { lock (gate) return open.Count; }
    }

    /// <summary>Bytes of all segments on disk, prepared ones included.</summary>
    public long BytesOnDisk
    {
        get { lock (gate) return room.BytesOnDisk; }
    }

    /// <summary>False from the first refused opening on until there is room again.</summary>
    public bool IsAccepting => keeper.IsAccepting;

    /// <summary>Takes the folder and starts a new segment; requests may come at once, before the recovery has looked at what was left.</summary>
    /// <exception cref="InvalidOperationException">Another process uses the folder, or it cannot be written.</exception>
    public static UsageJournal Start(JournalOptions options, TimeProvider time, ILogger<UsageJournal> logger)
    {
        var journal = new UsageJournal(options, JournalFolder.Take(options.Folder), time, logger);
        journal.keeper.Start();
        journal.flusher.Start();
        return journal;
    }

    /// <summary>Notes that a request begins and keeps room for its closing.</summary>
    /// <returns>False when there is no room (disk full, or <see cref="JournalOptions.MaxBytes"/> reached): the request must be refused.</returns>
    public bool TryOpen(in JournalOpening opening)
    {
        var buffer = scratch ??= new byte[sizeof(int) + RecordEncoder.MaxBytes];
        var length = RecordEncoder.Encode(opening, RecordLimits.Full, buffer.AsSpan(sizeof(int)));
        if (room.IsTooLarge(sizeof(int) + length))
            length = RecordEncoder.Encode(opening, RecordLimits.Compact, buffer.AsSpan(sizeof(int)));
        BinaryPrimitives.WriteInt32LittleEndian(buffer, length);
        return TryAppendOpening(opening.Id, buffer.AsSpan(0, sizeof(int) + length), carriedFrom: null);
    }

    /// <summary>Notes how a request ended. Never fails for lack of room: at worst its journey is left out and its texts are shortened.</summary>
    public void Close(in JournalClosing closing) => _ = TryAppend(closing);

    /// <summary>Notes a request that was never opened, a refusal.</summary>
    /// <returns>False when there is no room beside what is kept for the open requests.</returns>
    public bool TryAppend(in JournalClosing closing)
    {
        var buffer = scratch ??= new byte[sizeof(int) + RecordEncoder.MaxBytes];
        var journey = closing.Journey.Span;
        // jsonb refuses this escape; without its journey the record is still whole.
        if (journey.Length > JournalEntry.MaxJourneyBytes || journey.IndexOf("\\u0000"u8) >= 0) journey = default;
        var id = closing.Record.Id;
        var length = RecordEncoder.Encode(closing.Record, RecordLimits.Full, buffer.AsSpan(sizeof(int)));
        BinaryPrimitives.WriteInt32LittleEndian(buffer, length);
        if (TryAppendClosing(id, buffer.AsSpan(0, sizeof(int) + length), journey, isLastTry: false)) return true;

        length = RecordEncoder.Encode(closing.Record, RecordLimits.Compact, buffer.AsSpan(sizeof(int)));
        BinaryPrimitives.WriteInt32LittleEndian(buffer, length);
        return TryAppendClosing(id, buffer.AsSpan(0, sizeof(int) + length), default, isLastTry: true);
    }

    /// <summary>Notes the record that a request of another gateway gets, which died: its opening, as that gateway encoded it.</summary>
    /// <returns>False when there is no room now.</returns>
    public bool TryAppendRecord(ReadOnlySpan<byte> record)
    {
        var buffer = scratch ??= new byte[sizeof(int) + RecordEncoder.MaxBytes];
        BinaryPrimitives.WriteInt32LittleEndian(buffer, record.Length);
        record.CopyTo(buffer.AsSpan(sizeof(int)));
        return TryAppendClosing(RecordEncoder.IdOf(record), buffer.AsSpan(0, sizeof(int) + record.Length), default, isLastTry: true);
    }

    /// <summary>Lets the keeper do a round now: there may be room for a segment again.</summary>
    public void WakeKeeper() => keeper.Wake();

    /// <summary>Adds records of earlier processes to the depth.</summary>
    public void AddInherited(long records) => Interlocked.Add(ref inheritedDepth, records);

    /// <summary>Takes records that are in Postgres, or were rejected by it, off the depth.</summary>
    public void AddShipped(long records) => Interlocked.Add(ref shippedDepth, records);

    /// <summary>The first segment whose number is at least <paramref name="number"/>, prepared ones aside; null = there is none.</summary>
    public JournalSegment? SegmentFrom(long number)
    {
        lock (gate) return room.From(number);
    }

    /// <summary>
    /// Takes the oldest segment out when it lies before <paramref name="shippedTo"/> and no running request was opened in it; the caller removes its file.
    /// </summary>
    public JournalSegment? TakeFinished(JournalPosition shippedTo)
    {
        lock (gate)
        {
            if (room.Oldest is not { IsSealed: true, OpenCount: 0 } oldest || oldest.Number >= shippedTo.Segment) return null;
            room.RemoveOldest();
            return oldest;
        }
    }

    /// <summary>
    /// The requests that keep the oldest shipped segment alive, when it lies so far back that their openings should be written again, further on. Long
    /// streams would otherwise keep everything that was written after them.
    /// </summary>
    public (JournalSegment Segment, Guid Id, int Offset)[] HoldingBack(JournalPosition shippedTo, int distance)
    {
        lock (gate)
        {
            if (room.Current is null || room.Oldest is not { OpenCount: > 0 } oldest || oldest.Number >= shippedTo.Segment) return [];
            var isShort = room.BytesOnDisk + Options.SegmentBytes > Options.MaxBytes;
            if (room.Current.Number - oldest.Number < distance && !isShort) return [];
            return [.. from request in open where request.Value.Segment == oldest select (oldest, request.Key, request.Value.Offset)];
        }
    }

    /// <summary>Writes an opening again; false when there is no room now.</summary>
    public bool TryCarry(JournalSegment from, Guid id, int offset, ReadOnlySpan<byte> payload) => TryAppendOpening(id, payload, new OpenRequest(from, offset));

    /// <summary>What keeper and flusher work by. The array holds the mapped segments that may have something to flush, and the next one.</summary>
    internal JournalView View()
    {
        lock (gate)
        {
            return new JournalView(
                room.Written(), room.Current, room.Next, room.SpareCount, open.Count, room.SlotsPerSegment, room.FreeSlots - open.Count,
                room.AppendedBytes, refusedCount, room.BytesOnDisk);
        }
    }

    /// <summary>Gives the journal a segment to go on with.</summary>
    internal void AddSpare(JournalSegment segment)
    {
        lock (gate) room.Add(segment);
    }

    /// <summary>Stops taking entries, flushes, unmaps, frees the folder. Requests still open become orphans at the next start.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (stopped) return;
            stopped = true;
        }
        keeper.Dispose();
        flusher.Dispose();
        // Both threads have ended and nothing is placed any more: what follows has the segments for itself.
        room.Close();
        folder.Dispose();
    }

    private bool TryAppendOpening(Guid id, ReadOnlySpan<byte> record, OpenRequest? carriedFrom)
    {
        var word = JournalEntry.Word(EntryKind.Opening, record.Length);
        var checksum = JournalEntry.Checksum(word, record, default);
        bool done, rolled;
        lock (gate)
        {
            if (carriedFrom is { } before)
            {
                // Closed meanwhile: nothing to carry.
                if (!open.TryGetValue(id, out var now) || now != before) return true;
                done = TryPlace(word, checksum, record, default, open.Count, out rolled, out var carried);
                if (done) Move(id, carried);
            }
            else
            {
                done = TryPlace(word, checksum, record, default, open.Count + 1, out rolled, out var opened);
                if (done) Move(id, opened);
                else refusedCount++;
            }
        }
        if (rolled) keeper.Wake();
        return done;
    }

    private bool TryAppendClosing(Guid id, ReadOnlySpan<byte> record, ReadOnlySpan<byte> journey, bool isLastTry)
    {
        var word = JournalEntry.Word(EntryKind.Closing, record.Length + journey.Length);
        var checksum = JournalEntry.Checksum(word, record, journey);
        bool done, rolled;
        lock (gate)
        {
            var isOpen = open.ContainsKey(id);
            done = TryPlace(word, checksum, record, journey, isOpen ? open.Count - 1 : open.Count, out rolled, out _);
            if (done)
            {
                closedCount++;
                if (isOpen && open.Remove(id, out var request)) request.Segment.OpenCount--;
            }
            else if (isLastTry)
            {
                refusedCount++;
            }
        }
        if (rolled) keeper.Wake();
        return done;
    }

    private void Move(Guid id, OpenRequest place)
    {
        ref var request = ref CollectionsMarshal.GetValueRefOrAddDefault(open, id, out var exists);
        if (exists) request.Segment.OpenCount--;
        request = place;
        place.Segment.OpenCount++;
    }

    // Under the lock.
    private bool TryPlace(ulong word, uint checksum, ReadOnlySpan<byte> record, ReadOnlySpan<byte> journey, int openAfter, out bool rolled, out OpenRequest place)
    {
        (rolled, place) = (false, default);
        if (stopped || !room.TryPlace(word, checksum, record, journey, openAfter, out var segment, out var offset, out rolled)) return false;
        place = new OpenRequest(segment, offset);
        return true;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct OpenRequest(JournalSegment Segment, int Offset);
}
