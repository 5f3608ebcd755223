using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>
/// The file that says how far Postgres has the journal. Written in place, two slots in turn, so that a full disk cannot refuse it and a torn write leaves the
/// one before. It only saves work: without it, everything that is still on disk is shipped again and found to be there.
/// </summary>
internal sealed class JournalCheckpoint : IDisposable
{
    private const int SlotBytes = 64;
    private const int UsedBytes = 20;

    private readonly string path;
    private SafeFileHandle? file;
    private int turn;

    /// <summary>Reads the file, if it is there and can be read.</summary>
    public JournalCheckpoint(string path)
    {
        this.path = path;
        Span<byte> slots = stackalloc byte[2 * SlotBytes];
        slots.Clear();
        try
        {
            file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
            _ = RandomAccess.Read(file, slots, 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return;
        }
        for (var slot = 0; slot < 2; slot++)
        {
            if (Read(slots.Slice(slot * SlotBytes, UsedBytes)) is not { } position || !position.IsAfter(AtStart)) continue;
            AtStart = position;
            turn = 1 - slot;
        }
    }

    /// <summary>What an earlier process noted last; the beginning when there is nothing readable.</summary>
    public JournalPosition AtStart { get; }

    /// <summary>Notes a position.</summary>
    /// <exception cref="IOException">The disk refused; what was noted before stands.</exception>
    /// <exception cref="UnauthorizedAccessException">The file is not ours.</exception>
    public void Write(JournalPosition position)
    {
        if (file is null)
        {
            var made = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            try
            {
                RandomAccess.Write(made, new byte[2 * SlotBytes], 0);
            }
            catch
            {
                made.Dispose();
                throw;
            }
            file = made;
        }
        Span<byte> slot = stackalloc byte[UsedBytes];
        BinaryPrimitives.WriteInt64LittleEndian(slot, position.Segment);
        BinaryPrimitives.WriteInt64LittleEndian(slot[8..], position.Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(slot[16..], Crc32C.End(Crc32C.Append(Crc32C.Start, slot[..16])));
        RandomAccess.Write(file, slot, turn * SlotBytes);
        turn = 1 - turn;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => file?.Dispose();

    private static JournalPosition? Read(ReadOnlySpan<byte> slot) =>
        BinaryPrimitives.ReadUInt32LittleEndian(slot[16..]) == Crc32C.End(Crc32C.Append(Crc32C.Start, slot[..16]))
            ? new JournalPosition(BinaryPrimitives.ReadInt64LittleEndian(slot), (int)BinaryPrimitives.ReadInt64LittleEndian(slot[8..]))
            : null;
}

/// <summary>A place in the journal.</summary>
/// <param name="Segment">Number of the segment.</param>
/// <param name="Offset">Offset in its file.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JournalPosition(long Segment, int Offset)
{
    /// <summary>Whether it lies behind another.</summary>
    public bool IsAfter(JournalPosition other) => Segment > other.Segment || (Segment == other.Segment && Offset > other.Offset);
}
