using System.Runtime.InteropServices;

namespace AspireGateway.Shared.Redis;

/// <summary>
/// Finds where a reply ends while its bytes arrive. It goes on at the first element that was not whole, so a long array that comes in many pieces is
/// read once. Nesting needs no stack: an array only adds to the number of elements still to come.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct RespScanner
{
    // The reply itself is one element more than its arrays announce.
    private long done;
    private long expected;

    /// <summary>Bytes of the whole elements found so far; the length of the reply once it is complete.</summary>
    public int Position { get; private set; }

    /// <summary>Looks for the end of the reply that begins at the start of <paramref name="data"/>, which holds at least what it held before.</summary>
    public RespProgress Scan(ReadOnlySpan<byte> data)
    {
        while (done <= expected)
        {
            var progress = RespHeader.TryRead(data[Position..], out var header);
            if (progress != RespProgress.Complete) return progress;
            long length = header.Length;
            if (header is { Type: RespType.Bulk, Value: >= 0 })
            {
                length += header.Value + 2;
                if (data.Length - Position < length) return RespProgress.Partial;
                if (!data.Slice(Position + (int)length - 2, 2).SequenceEqual("\r\n"u8)) return RespProgress.Malformed;
            }
            else if (header is { Type: RespType.Array, Value: > 0 })
            {
                expected += header.Value;
                // Each element takes at least three bytes, so more of them cannot fit.
                if (expected > RespHeader.MaxReply / 3) return RespProgress.Malformed;
            }
            Position += (int)length;
            done++;
        }
        return RespProgress.Complete;
    }
}
