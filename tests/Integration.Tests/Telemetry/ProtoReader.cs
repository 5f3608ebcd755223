using System.Buffers.Binary;
using System.Text;

namespace AspireGateway.Integration.Tests.Telemetry;

/// <summary>Walks the fields of a message in protobuf's wire format (Protocol Buffers, "Encoding").</summary>
internal static class ProtoReader
{
    /// <summary>Each field with its number; of those with a length the bytes, of numbers the value.</summary>
    public static IEnumerable<(int Field, ReadOnlyMemory<byte> Bytes, ulong Number)> Fields(ReadOnlyMemory<byte> message)
    {
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message.Span, ref at);
            switch (tag & 7)
            {
                case 0:
                    yield return ((int)(tag >> 3), default, Varint(message.Span, ref at));
                    break;
                case 1:
                    yield return ((int)(tag >> 3), default, BinaryPrimitives.ReadUInt64LittleEndian(message.Span.Slice(at, 8)));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message.Span, ref at);
                    yield return ((int)(tag >> 3), message.Slice(at, length), 0);
                    at += length;
                    break;
                case 5:
                    yield return ((int)(tag >> 3), default, BinaryPrimitives.ReadUInt32LittleEndian(message.Span.Slice(at, 4)));
                    at += 4;
                    break;
                default: throw new InvalidDataException($"Wire type {tag & 7}.");
            }
        }
    }

    /// <summary>The messages of one field.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Each(ReadOnlyMemory<byte> message, int field) => Fields(message).Where(f => f.Field == field).Select(f => f.Bytes);

    /// <summary>A field's text; empty = it is not there.</summary>
    public static string Text(ReadOnlyMemory<byte> message, int field) => Encoding.UTF8.GetString(Each(message, field).FirstOrDefault().Span);

    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = bytes[at++];
            value |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80) return value;
        }
    }
}
