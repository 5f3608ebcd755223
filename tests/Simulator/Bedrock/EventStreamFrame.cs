using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace AspireGateway.Simulator.Bedrock;

/// <summary>
/// Writes frames of <c>application/vnd.amazon.eventstream</c>: total length, headers' length, CRC of these eight bytes; headers;
/// payload; CRC of all that precedes it. Numbers are big-endian.
/// </summary>
internal static class EventStreamFrame
{
    private const int PreludeLength = 12;
    private const int CrcLength = 4;
    private const byte TextType = 7;

    /// <summary>An event, <c>:message-type: event</c>.</summary>
    public static void WriteEvent(IBufferWriter<byte> into, string type, ReadOnlySpan<byte> payload) =>
        Write(into, payload, (":event-type", type), (":content-type", "application/json"), (":message-type", "event"));

    /// <summary>An error inside the stream, <c>:message-type: exception</c>.</summary>
    public static void WriteException(IBufferWriter<byte> into, string type, ReadOnlySpan<byte> payload) =>
        Write(into, payload, (":exception-type", type), (":content-type", "application/json"), (":message-type", "exception"));

    private static void Write(IBufferWriter<byte> into, ReadOnlySpan<byte> payload, params ReadOnlySpan<(string Name, string Value)> headers)
    {
        var headerBytes = new ArrayBufferWriter<byte>(96);
        foreach (var (name, value) in headers) WriteHeader(headerBytes, name, value);
        var total = PreludeLength + headerBytes.WrittenCount + payload.Length + CrcLength;
        var frame = into.GetSpan(total)[..total];
        BinaryPrimitives.WriteInt32BigEndian(frame, total);
        BinaryPrimitives.WriteInt32BigEndian(frame[4..], headerBytes.WrittenCount);
        BinaryPrimitives.WriteUInt32BigEndian(frame[8..], Crc32.Of(frame[..8]));
        headerBytes.WrittenSpan.CopyTo(frame[PreludeLength..]);
        payload.CopyTo(frame[(PreludeLength + headerBytes.WrittenCount)..]);
        BinaryPrimitives.WriteUInt32BigEndian(frame[^CrcLength..], Crc32.Of(frame[..^CrcLength]));
        into.Advance(total);
    }

    private static void WriteHeader(ArrayBufferWriter<byte> into, string name, string value)
    {
        var length = 1 + name.Length + 1 + 2 + Encoding.UTF8.GetByteCount(value);
        var span = into.GetSpan(length)[..length];
        span[0] = (byte)name.Length;
        Encoding.ASCII.GetBytes(name, span[1..]);
        span = span[(1 + name.Length)..];
        span[0] = TextType;
        BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)(span.Length - 3));
        Encoding.UTF8.GetBytes(value, span[3..]);
        into.Advance(length);
    }
}
