using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Guardrails.Media.Location;

/// <summary>
/// The place in a TIFF structure, which EXIF is (TIFF 6.0, EXIF 2.32 4.6.6). Offsets and counts are the file's own word: each is bounded by the bytes that are there, and no list is read twice.
/// </summary>
internal static class TiffLocation
{
    private const int EntrySize = 12, MostLists = 8, MostEntries = 1_024, MostPointers = 8;
    private const ushort GpsPointer = 0x8825, ExifPointer = 0x8769;

    /// <summary>Whether it says where it was taken.</summary>
    public static bool Has(ReadOnlySpan<byte> tiff)
    {
        var pointers = Pointers(tiff);
        // Nobody writes as many, and whoever does has something to hide.
        if (pointers.Count > MostPointers) return true;
        foreach (var pointer in pointers)
            if (TryEntries(tiff, pointer.List, out var entries, out var isBig) && HasPlace(tiff, entries, isBig)) return true;
        return false;
    }

    /// <summary>Takes it out in place: what the list of the place points to is made zeros, and its pointer goes; sizes and all other offsets stay.</summary>
    public static void Blank(Span<byte> tiff)
    {
        if (!Has(tiff)) return;
        // From the last: taking an entry out moves those behind it.
        var pointers = Pointers(tiff);
        for (var i = pointers.Count - 1; i >= 0; i--)
        {
            var (holder, at, list) = pointers[i];
            if (TryEntries(tiff, list, out var entries, out var isBig)) BlankList(tiff, entries, isBig);
            Remove(tiff, holder, at);
        }
    }

    /// <summary>An entry that points to a list of the place.</summary>
    /// <param name="Holder">The list that the entry stands in.</param>
    /// <param name="Entry">Where the entry stands.</param>
    /// <param name="List">Where it points.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Pointer(int Holder, int Entry, int List);

    private static List<Pointer> Pointers(ReadOnlySpan<byte> tiff)
    {
        var found = new List<Pointer>();
        if (tiff.Length < 8) return found;
        var isBig = tiff[0] == 'M';
        Span<int> lists = stackalloc int[MostLists];
        var (count, next) = (0, 0);
        Push(lists, ref count, UInt32(tiff[4..], isBig), tiff.Length);
        while (next < count)
        {
            var list = lists[next++];
            if (!TryEntries(tiff, list, out var entries, out _)) continue;
            for (var at = entries.Start.Value; at < entries.End.Value && found.Count <= MostPointers; at += EntrySize)
            {
                var (tag, value) = (UInt16(tiff[at..], isBig), UInt32(tiff[(at + 8)..], isBig));
                if (tag == GpsPointer) found.Add(new(list, at, value <= int.MaxValue ? (int)value : int.MaxValue));
                else if (tag == ExifPointer) Push(lists, ref count, value, tiff.Length);
            }
            // The next list stands behind the entries: a thumbnail's, or another page's.
            if (entries.End.Value + 4 <= tiff.Length) Push(lists, ref count, UInt32(tiff[entries.End.Value..], isBig), tiff.Length);
        }
        return found;
    }

    private static void Push(Span<int> lists, ref int count, uint list, int length)
    {
        if (list < 8 || list >= length || count == lists.Length || lists[..count].Contains((int)list)) return;
        lists[count++] = (int)list;
    }

    private static bool TryEntries(ReadOnlySpan<byte> tiff, int list, out Range entries, out bool isBig)
    {
        (entries, isBig) = (default, tiff[0] == 'M');
        if (list < 8 || list > tiff.Length - 2) return false;
        var count = Math.Min(Math.Min((int)UInt16(tiff[list..], isBig), MostEntries), (tiff.Length - list - 2) / EntrySize);
        entries = (list + 2)..(list + 2 + (count * EntrySize));
        return true;
    }

    // Latitude and longitude of the place or of where somebody goes, and the name of the area. A version alone is no place.
    private static bool HasPlace(ReadOnlySpan<byte> tiff, Range entries, bool isBig)
    {
        for (var at = entries.Start.Value; at < entries.End.Value; at += EntrySize)
            if (UInt16(tiff[at..], isBig) is 2 or 4 or 20 or 22 or 28) return true;
        return false;
    }

    private static void BlankList(Span<byte> tiff, Range entries, bool isBig)
    {
        for (var at = entries.Start.Value; at < entries.End.Value; at += EntrySize)
        {
            var size = (long)SizeOf(UInt16(tiff[(at + 2)..], isBig)) * UInt32(tiff[(at + 4)..], isBig);
            var value = UInt32(tiff[(at + 8)..], isBig);
            // Four bytes stand in the entry itself. What is said to be enormous is some other part of the file.
            if (size is > 4 and <= 64 * 1024 && value >= 8 && value + size <= tiff.Length && !Overlaps(entries, (int)value, (int)size)) tiff.Slice((int)value, (int)size).Clear();
        }
        tiff[entries].Clear();
    }

    private static bool Overlaps(Range entries, int start, int size) => start < entries.End.Value && start + size > entries.Start.Value;

    // The entries behind it, and the offset of the next list, move up; what they point to does not.
    private static void Remove(Span<byte> tiff, int holder, int entry)
    {
        var isBig = tiff[0] == 'M';
        if (!TryEntries(tiff, holder, out var entries, out _) || entry < entries.Start.Value || entry >= entries.End.Value) return;
        var end = Math.Min(entries.End.Value + 4, tiff.Length);
        tiff[(entry + EntrySize)..end].CopyTo(tiff[entry..]);
        tiff[(end - EntrySize)..end].Clear();
        var count = (ushort)((entries.End.Value - entries.Start.Value) / EntrySize - 1);
        if (isBig) BinaryPrimitives.WriteUInt16BigEndian(tiff[holder..], count);
        else BinaryPrimitives.WriteUInt16LittleEndian(tiff[holder..], count);
    }

    // TIFF 6.0 section 2: BYTE, ASCII, SHORT, LONG, RATIONAL and their signed kin.
    private static int SizeOf(ushort type) => type switch
    {
        3 or 8 => 2,
        4 or 9 or 11 => 4,
        5 or 10 or 12 => 8,
        _ => 1,
    };

    private static ushort UInt16(ReadOnlySpan<byte> data, bool isBig) => isBig ? BinaryPrimitives.ReadUInt16BigEndian(data) : BinaryPrimitives.ReadUInt16LittleEndian(data);

    private static uint UInt32(ReadOnlySpan<byte> data, bool isBig) => isBig ? BinaryPrimitives.ReadUInt32BigEndian(data) : BinaryPrimitives.ReadUInt32LittleEndian(data);
}
