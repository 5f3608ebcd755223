using System.Buffers.Binary;

namespace AspireGateway.Gateway.Accounting.Ledger.Gathering;

/// <summary>
/// Writes MessagePack as Redis' <c>cmsgpack</c> reads it: the specification's array 16, str 16, fixint, uint 16, uint 32 and float 64. It knows no bin formats; texts of any bytes
/// are what Lua's strings are.
/// </summary>
internal sealed class PackBuffer
{
    private byte[] bytes = new byte[2048];
    private int length;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => bytes.AsSpan(0, length);

    /// <summary>Forgets it.</summary>
    public void Clear() => length = 0;

    /// <summary>Begins an array of two.</summary>
    public void Pair()
    {
        Room(1)[0] = 0x92;
        length++;
    }

    /// <summary>Begins an array of so many elements, at most 65,535.</summary>
    public void Array(int count) => Header(0xdc, count);

    /// <summary>Writes a text of at most 65,535 bytes.</summary>
    public void Text(ReadOnlySpan<byte> text)
    {
        Header(0xda, text.Length);
        text.CopyTo(Room(text.Length));
        length += text.Length;
    }

    /// <summary>Writes a number.</summary>
    public void Number(double value)
    {
        var room = Room(9);
        room[0] = 0xcb;
        BinaryPrimitives.WriteDoubleBigEndian(room[1..], value);
        length += 9;
    }

    /// <summary>Writes a number in as few bytes as hold it exactly: Lua pays for every byte of what it is given.</summary>
    public void Least(double value)
    {
        // Of -32 ... 127 the byte is the number, or what it is as a signed one.
        if (value is >= -32 and <= 127 && value == (int)value)
        {
            Room(1)[0] = (byte)(sbyte)value;
            length++;
        }
        else if (value is >= 0 and <= ushort.MaxValue && value == (int)value)
        {
            Header(0xcd, (int)value);
        }
        else if (value is >= 0 and <= uint.MaxValue && value == (uint)value)
        {
            var room = Room(5);
            room[0] = 0xce;
            BinaryPrimitives.WriteUInt32BigEndian(room[1..], (uint)value);
            length += 5;
        }
        else
        {
            Number(value);
        }
    }

    private void Header(byte format, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, ushort.MaxValue);
        var room = Room(3);
        room[0] = format;
        BinaryPrimitives.WriteUInt16BigEndian(room[1..], (ushort)count);
        length += 3;
    }

    private Span<byte> Room(int size)
    {
        if (bytes.Length - length < size) System.Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + size));
        return bytes.AsSpan(length);
    }
}
