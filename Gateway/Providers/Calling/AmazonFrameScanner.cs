using System.Buffers.Binary;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>
/// Finds the messages of an <c>application/vnd.amazon.eventstream</c> (Amazon, "Event stream encoding"): total length, length of the headers, checksum
/// of these two; headers; payload; checksum of everything before. Numbers are big-endian and of 32 bits.
/// </summary>
internal static class AmazonFrameScanner
{
    /// <summary>Lengths and their checksum.</summary>
    public const int PreludeBytes = 12;

    /// <summary>A message without headers and payload.</summary>
    public const int SmallestFrame = PreludeBytes + 4;

    /// <summary>What comes is not, or no longer, an event stream.</summary>
    public const int Malformed = -1;

    /// <summary>
    /// Length of the first message in the buffer, checked; 0 = it is not complete yet; <see cref="Malformed"/> = impossible lengths, more than
    /// <paramref name="maxBytes"/>, or a wrong checksum. Lengths are judged as soon as they are there, so nobody waits for a message that cannot come.
    /// </summary>
    public static int FirstFrameLength(ReadOnlySpan<byte> buffer, int maxBytes)
    {
        if (buffer.Length < PreludeBytes) return 0;
        var total = BinaryPrimitives.ReadUInt32BigEndian(buffer);
        var headers = BinaryPrimitives.ReadUInt32BigEndian(buffer[4..]);
        if (total < SmallestFrame || total > (uint)maxBytes || headers > total - SmallestFrame) return Malformed;
        if (BinaryPrimitives.ReadUInt32BigEndian(buffer[8..]) != Crc32.Of(buffer[..8])) return Malformed;
        if (buffer.Length < total) return 0;
        var end = (int)total - 4;
        return BinaryPrimitives.ReadUInt32BigEndian(buffer[end..]) == Crc32.Of(buffer[..end]) ? (int)total : Malformed;
    }
}
