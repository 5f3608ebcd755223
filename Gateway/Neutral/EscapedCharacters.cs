namespace AspireGateway.Gateway.Neutral;

/// <summary>Counts characters (Unicode code points) of escaped texts: places of sources in an answer are told in them.</summary>
internal static class EscapedCharacters
{
    /// <summary>How many there are. Half a surrogate pair counts as the whole character if it is the first half, and not at all if it is the second.</summary>
    public static int In(ReadOnlySpan<byte> escaped)
    {
        var count = 0;
        while (!escaped.IsEmpty)
        {
            var plain = escaped.IndexOf((byte)'\\');
            if (plain < 0) plain = escaped.Length;
            foreach (var value in escaped[..plain])
                if ((value & 0xC0) != 0x80) count++;
            escaped = escaped[plain..];
            if (escaped.IsEmpty) break;
            escaped = escaped[Escape(escaped, out var utf8Length)..];
            if (utf8Length > 0) count++;
        }
        return count;
    }

    /// <summary>The length of the escape that the text begins with, and of its character in UTF-8: the first half of a surrogate pair stands for all four bytes, the second for none.</summary>
    public static int Escape(ReadOnlySpan<byte> escaped, out int utf8Length)
    {
        utf8Length = 1;
        if (escaped.Length < 2) return escaped.Length;
        if (escaped[1] != 'u' || escaped.Length < 6) return 2;
        var value = 0;
        foreach (var digit in escaped[2..6]) value = (value * 16) + HexOf(digit);
        utf8Length = value switch
        {
            < 0x80 => 1,
            < 0x800 => 2,
            >= 0xD800 and < 0xDC00 => 4,
            >= 0xDC00 and < 0xE000 => 0,
            _ => 3,
        };
        return 6;
    }

    private static int HexOf(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => 0,
    };
}
