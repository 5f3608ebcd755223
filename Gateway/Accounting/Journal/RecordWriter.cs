using System.Buffers.Binary;
using System.Text.Unicode;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>Writes the parts of an encoded record into a span that is long enough for all of them.</summary>
internal ref struct RecordWriter(Span<byte> target)
{
    /// <summary>Bytes that a number takes at most.</summary>
    public const int MostOfNumber = 10;

    private readonly Span<byte> target = target;

    /// <summary>Bytes written so far.</summary>
    public int Written { get; private set; }

    public void Byte(byte value) => target[Written++] = value;

    public void Id(Guid value)
    {
        value.TryWriteBytes(target[Written..], bigEndian: true, out _);
        Written += 16;
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target[Written..], value);
        Written += sizeof(long);
    }

    public void Single(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(target[Written..], value);
        Written += sizeof(float);
    }

    public void Number(long value) => Varint((ulong)((value << 1) ^ (value >> 63)));

    public void Text(string? value, int limit)
    {
        if (value is null)
        {
            Byte(0);
            return;
        }
        // The length goes before the text: one byte holds it while the text is sure to be short, two when it may be long.
        var prefix = value.Length * 3 < 0x7F ? 1 : 2;
        var room = target.Slice(Written + prefix, Math.Min(limit, value.Length * 3));
        // Stops between characters when the room ends; that is the cut that is wanted.
        _ = Utf8.FromUtf16(value, room, out _, out var bytes);
        room[..bytes].Replace((byte)0, (byte)'?');
        if (prefix == 1)
        {
            target[Written] = (byte)(bytes + 1);
        }
        else
        {
            target[Written] = (byte)((bytes + 1) | 0x80);
            target[Written + 1] = (byte)((bytes + 1) >> 7);
        }
        Written += prefix + bytes;
    }

    /// <summary>JSON cannot be cut: too long, or holding the one escape that jsonb refuses, it becomes null.</summary>
    public void Json(string? value, int limit)
    {
        if (value is null || value.Length > limit || value.Contains("\\u0000", StringComparison.Ordinal) || System.Text.Encoding.UTF8.GetByteCount(value) > limit) Byte(0);
        else Text(value, limit);
    }

    public void Texts(string[]? values, in RecordLimits limits)
    {
        var count = Math.Min(values?.Length ?? 0, limits.Items);
        Byte((byte)count);
        for (var i = 0; i < count; i++) Text(values![i] ?? "", limits.Item);
    }

    private void Varint(ulong value)
    {
        while (value >= 0x80)
        {
            Byte((byte)(value | 0x80));
            value >>= 7;
        }
        Byte((byte)value);
    }
}
