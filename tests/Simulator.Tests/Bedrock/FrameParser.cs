using System.Buffers.Binary;
using System.Text;

namespace AspireGateway.Simulator.Tests.Bedrock;

/// <summary>One frame of an event stream.</summary>
internal sealed record Frame(Dictionary<string, string> Headers, byte[] Payload);

/// <summary>Reads whole frames and checks both sums bit by bit, apart from the simulator's own table.</summary>
internal static class FrameParser
{
    public static List<Frame> Read(ReadOnlySpan<byte> stream)
    {
        var frames = new List<Frame>();
        while (stream.Length >= 12)
        {
            var total = BinaryPrimitives.ReadInt32BigEndian(stream);
            if (total > stream.Length) break;
            var frame = stream[..total];
            Assert.Equal(Crc(frame[..8]), BinaryPrimitives.ReadUInt32BigEndian(frame[8..]));
            Assert.Equal(Crc(frame[..^4]), BinaryPrimitives.ReadUInt32BigEndian(frame[^4..]));
            var headersLength = BinaryPrimitives.ReadInt32BigEndian(frame[4..]);
            frames.Add(new Frame(Headers(frame.Slice(12, headersLength)), frame[(12 + headersLength)..^4].ToArray()));
            stream = stream[total..];
        }

        return frames;
    }

    public static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var value in bytes)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var differs = ((crc ^ (uint)(value >> bit)) & 1) == 1;
                crc >>= 1;
                if (differs) crc ^= 0xEDB88320;
            }
        }

        return crc ^ 0xFFFFFFFF;
    }

    private static Dictionary<string, string> Headers(ReadOnlySpan<byte> bytes)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!bytes.IsEmpty)
        {
            var name = Encoding.ASCII.GetString(bytes.Slice(1, bytes[0]));
            bytes = bytes[(1 + bytes[0])..];
            Assert.Equal(7, bytes[0]);
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]);
            headers[name] = Encoding.UTF8.GetString(bytes.Slice(3, length));
            bytes = bytes[(3 + length)..];
        }

        return headers;
    }
}
