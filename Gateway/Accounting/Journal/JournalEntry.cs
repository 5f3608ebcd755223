using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>
/// How an entry lies in a segment, aligned to eight bytes, little-endian: magic (2), kind (1), version (1), length of the payload (4), CRC-32C of those
/// eight bytes and the payload (4), payload, zeros. The first eight bytes are written last, so an entry is there as a whole or not at all.
/// A payload is: length of the encoded record (4), the record (see <see cref="RecordEncoder"/>), the journey document.
/// </summary>
internal static class JournalEntry
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderBytes = 12;

    /// <summary>Version of the payload that this build writes.</summary>
    public const byte Version = 1;

    /// <summary>Largest journey document that is kept; a larger one is left out.</summary>
    public const int MaxJourneyBytes = 64 * 1024;

    /// <summary>Largest payload there can be.</summary>
    public const int MaxPayloadBytes = sizeof(int) + RecordEncoder.MaxBytes + MaxJourneyBytes;

    private const ushort Magic = 0x4A41; // "AJ"

    /// <summary>Bytes that an entry takes in a segment.</summary>
    public static int SizeOf(int payloadBytes) => (HeaderBytes + payloadBytes + 7) & ~7;

    /// <summary>The first eight bytes of an entry.</summary>
    public static ulong Word(EntryKind kind, int payloadBytes) =>
        Magic | ((ulong)kind << 16) | ((ulong)Version << 24) | ((ulong)(uint)payloadBytes << 32);

    /// <summary>The checksum of an entry whose payload comes in two parts.</summary>
    public static uint Checksum(ulong word, ReadOnlySpan<byte> record, ReadOnlySpan<byte> journey)
    {
        var state = Crc32C.Append(Crc32C.Append(Crc32C.Start, word), record);
        return Crc32C.End(journey.IsEmpty ? state : Crc32C.Append(state, journey));
    }

    /// <summary>Writes an entry, its first word last. <paramref name="target"/> holds zeros and is at least <see cref="SizeOf"/> long.</summary>
    public static void Write(Span<byte> target, ulong word, uint checksum, ReadOnlySpan<byte> record, ReadOnlySpan<byte> journey)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(target[8..], checksum);
        record.CopyTo(target[HeaderBytes..]);
        journey.CopyTo(target[(HeaderBytes + record.Length)..]);
        if (!BitConverter.IsLittleEndian) word = BinaryPrimitives.ReverseEndianness(word);
        Volatile.Write(ref Unsafe.As<byte, ulong>(ref target[0]), word);
    }

    /// <summary>Looks for an entry at the start of <paramref name="bytes"/>.</summary>
    /// <param name="bytes">What is left of the segment, or a window of it.</param>
    /// <param name="isWhole">Whether <paramref name="bytes"/> reaches to the segment's end.</param>
    /// <param name="kind">Its kind.</param>
    /// <param name="payload">Its payload.</param>
    public static EntryReading TryRead(ReadOnlySpan<byte> bytes, bool isWhole, out EntryKind kind, out ReadOnlySpan<byte> payload)
    {
        kind = default;
        payload = default;
        if (bytes.Length < HeaderBytes) return isWhole ? EntryReading.Invalid : EntryReading.NeedsMore;
        var word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (word == 0) return EntryReading.Empty;
        var length = (int)(word >> 32);
        kind = (EntryKind)(byte)(word >> 16);
        if ((ushort)word != Magic || (byte)(word >> 24) != Version || (uint)length > MaxPayloadBytes) return EntryReading.Invalid;
        if (HeaderBytes + length > bytes.Length) return isWhole ? EntryReading.Invalid : EntryReading.NeedsMore;
        payload = bytes.Slice(HeaderBytes, length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[8..]) != Checksum(word, payload, default)) return EntryReading.Invalid;
        // The checksum holds, so the length of the record is as it was written.
        return kind is EntryKind.Opening or EntryKind.Closing ? EntryReading.Found : EntryReading.Invalid;
    }

    /// <summary>The record in a payload.</summary>
    public static ReadOnlySpan<byte> RecordOf(ReadOnlySpan<byte> payload) =>
        payload.Slice(sizeof(int), BinaryPrimitives.ReadInt32LittleEndian(payload));

    /// <summary>The journey document in a payload; empty = none.</summary>
    public static ReadOnlySpan<byte> JourneyOf(ReadOnlySpan<byte> payload) =>
        payload[(sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(payload))..];
}

/// <summary>What an entry says.</summary>
internal enum EntryKind : byte
{
    /// <summary>A request began; the payload is the record that it gets if it never ends.</summary>
    Opening = 1,

    /// <summary>A request ended; the payload is its record.</summary>
    Closing = 2,
}

/// <summary>What was found at a place in a segment.</summary>
internal enum EntryReading
{
    /// <summary>A whole entry.</summary>
    Found,

    /// <summary>Zeros: nothing was written here.</summary>
    Empty,

    /// <summary>The beginning of an entry that may go on behind the window.</summary>
    NeedsMore,

    /// <summary>Something that is no entry.</summary>
    Invalid,
}
