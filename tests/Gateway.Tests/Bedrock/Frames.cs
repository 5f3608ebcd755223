using System.Buffers.Binary;
using System.Text;
using AspireGateway.Gateway.Providers.Calling;

namespace AspireGateway.Gateway.Tests.Bedrock;

/// <summary>Builds messages of Amazon's event stream.</summary>
internal static class Frames
{
    /// <summary>An event with a JSON payload.</summary>
    public static byte[] Event(string type, string json) => Of([(":event-type", type), (":content-type", "application/json"), (":message-type", "event")], Encoding.UTF8.GetBytes(json));

    /// <summary>Any message with texts as headers.</summary>
    public static byte[] Of((string Name, string Value)[] headers, ReadOnlySpan<byte> payload)
    {
        var head = new MemoryStream();
        Span<byte> length = stackalloc byte[2];
        foreach (var (name, value) in headers)
        {
            head.WriteByte((byte)name.Length);
            head.Write(Encoding.UTF8.GetBytes(name));
            head.WriteByte(7);
            var text = Encoding.UTF8.GetBytes(value);
            BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)text.Length);
            head.Write(length);
            head.Write(text);
        }
        return Of(head.ToArray(), payload);
    }

    /// <summary>Any message.</summary>
    public static byte[] Of(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[16 + headers.Length + payload.Length];
        headers.CopyTo(frame.AsSpan(12));
        payload.CopyTo(frame.AsSpan(12 + headers.Length));
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), headers.Length);
        Sign(frame);
        return frame;
    }

    /// <summary>Makes both checksums right.</summary>
    public static void Sign(Span<byte> frame)
    {
        BinaryPrimitives.WriteUInt32BigEndian(frame[8..], Crc32.Of(frame[..8]));
        BinaryPrimitives.WriteUInt32BigEndian(frame[^4..], Crc32.Of(frame[..^4]));
    }

    /// <summary>Cuts a stream of whole messages.</summary>
    public static List<byte[]> Cut(byte[] stream)
    {
        var frames = new List<byte[]>();
        for (var at = 0; at < stream.Length;)
        {
            var length = AmazonFrameScanner.FirstFrameLength(stream.AsSpan(at), EventStream.MaxEventBytes);
            Assert.True(length > 0, "The golden stream is not made of whole messages.");
            frames.Add(stream[at..(at + length)]);
            at += length;
        }
        return frames;
    }
}
