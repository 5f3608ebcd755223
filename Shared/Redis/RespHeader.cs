using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace AspireGateway.Shared.Redis;

/// <summary>The first line of an element; for text and numbers it is the whole element.</summary>
/// <param name="Type">What the element is.</param>
/// <param name="Value">The number; the length of a bulk or an array, -1 for null; 0 for text.</param>
/// <param name="Length">Bytes of the line with its mark and its end.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct RespHeader(RespType Type, long Value, int Length)
{
    /// <summary>Longest reply that is taken, in bytes; what claims to be longer is a fault.</summary>
    public const int MaxReply = 64 * 1024 * 1024;

    // A number of 64 bits has at most 20 characters.
    private const int MaxNumberLine = 32, MaxTextLine = 64 * 1024;

    /// <summary>Reads the line at the start of <paramref name="data"/>.</summary>
    public static RespProgress TryRead(ReadOnlySpan<byte> data, out RespHeader header)
    {
        header = default;
        if (data.IsEmpty) return RespProgress.Partial;
        var type = TypeOf(data[0]);
        if (type == RespType.None) return RespProgress.Malformed;
        var isText = type is RespType.Simple or RespType.Error;
        var line = data[1..Math.Min(data.Length, isText ? MaxTextLine : MaxNumberLine)];
        var end = line.IndexOf((byte)'\r');
        if (end < 0 || end + 1 == line.Length) return line.Length + 1 < data.Length ? RespProgress.Malformed : RespProgress.Partial;
        if (line[end + 1] != '\n') return RespProgress.Malformed;
        long value = 0;
        if (!isText)
        {
            if (!Utf8Parser.TryParse(line[..end], out value, out var consumed) || consumed != end) return RespProgress.Malformed;
            if (type != RespType.Integer && value is (< -1 or > MaxReply)) return RespProgress.Malformed;
        }
        header = new RespHeader(type, value, end + 3);
        return RespProgress.Complete;
    }

    private static RespType TypeOf(byte mark) => mark switch
    {
        (byte)'+' => RespType.Simple,
        (byte)'-' => RespType.Error,
        (byte)':' => RespType.Integer,
        (byte)'$' => RespType.Bulk,
        (byte)'*' => RespType.Array,
        _ => RespType.None,
    };
}
