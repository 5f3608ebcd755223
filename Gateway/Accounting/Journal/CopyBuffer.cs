using System.Buffers.Binary;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>Builds the body of a <c>copy ... from stdin (format binary)</c> (PostgreSQL documentation, COPY, "Binary Format"; values as the types' receive functions take them).</summary>
internal sealed class CopyBuffer
{
    private const uint TextOid = 25;
    // Microseconds from 1970 to 2000, where Postgres counts from.
    private const long PostgresEpochUs = 946_684_800_000_000;

    private byte[] bytes = new byte[64 * 1024];
    private int used;

    /// <summary>The bytes so far.</summary>
    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, used);

    /// <summary>Begins a new body.</summary>
    public void Begin()
    {
        used = 0;
        // Written by hand: the signature's byte FF is no UTF-8.
        Raw("PGCOPY\n"u8);
        Raw([0xFF, (byte)'\r', (byte)'\n', 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    }

    /// <summary>Ends the body.</summary>
    public void End() => BinaryPrimitives.WriteInt16BigEndian(Take(2), -1);

    /// <summary>Begins a row.</summary>
    public void Row(short fields) => BinaryPrimitives.WriteInt16BigEndian(Take(2), fields);

    public void Null() => BinaryPrimitives.WriteInt32BigEndian(Take(4), -1);

    public void Bytes(ReadOnlySpan<byte> value)
    {
        var target = Take(4 + value.Length);
        BinaryPrimitives.WriteInt32BigEndian(target, value.Length);
        value.CopyTo(target[4..]);
    }

    public void Timestamp(long unixUs) => Int64(unixUs - PostgresEpochUs);

    public void Int64(long value)
    {
        var target = Take(12);
        BinaryPrimitives.WriteInt32BigEndian(target, 8);
        BinaryPrimitives.WriteInt64BigEndian(target[4..], value);
    }

    public void Int32(int value)
    {
        var target = Take(8);
        BinaryPrimitives.WriteInt32BigEndian(target, 4);
        BinaryPrimitives.WriteInt32BigEndian(target[4..], value);
    }

    public void Single(float value)
    {
        var target = Take(8);
        BinaryPrimitives.WriteInt32BigEndian(target, 4);
        BinaryPrimitives.WriteSingleBigEndian(target[4..], value);
    }

    public void Bool(bool value)
    {
        var target = Take(5);
        BinaryPrimitives.WriteInt32BigEndian(target, 1);
        target[4] = value ? (byte)1 : (byte)0;
    }

    /// <summary>A jsonb value; the first byte is the version of the form.</summary>
    public void Json(ReadOnlySpan<byte> utf8)
    {
        var target = Take(5 + utf8.Length);
        BinaryPrimitives.WriteInt32BigEndian(target, 1 + utf8.Length);
        target[4] = 1;
        utf8.CopyTo(target[5..]);
    }

    /// <summary>A text array out of an encoded record.</summary>
    public void Texts(ref RecordReader reader)
    {
        var lengthAt = used;
        Take(4);
        var count = reader.Byte();
        BinaryPrimitives.WriteInt32BigEndian(Take(4), count == 0 ? 0 : 1);
        BinaryPrimitives.WriteInt32BigEndian(Take(4), 0);
        BinaryPrimitives.WriteUInt32BigEndian(Take(4), TextOid);
        if (count > 0)
        {
            BinaryPrimitives.WriteInt32BigEndian(Take(4), count);
            BinaryPrimitives.WriteInt32BigEndian(Take(4), 1);
            for (var i = 0; i < count; i++)
            {
                reader.Text(out var text);
                Bytes(text);
            }
        }
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(lengthAt), used - lengthAt - 4);
    }

    private void Raw(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    private Span<byte> Take(int count)
    {
        if (used + count > bytes.Length) Array.Resize(ref bytes, Math.Max(bytes.Length * 2, used + count));
        var span = bytes.AsSpan(used, count);
        used += count;
        return span;
    }
}
