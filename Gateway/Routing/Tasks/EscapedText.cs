using System.Text;

namespace AspireGateway.Gateway.Routing.Tasks;

/// <summary>Decodes parts of a JSON string into bounded room, without an allocation. What is no valid Unicode becomes a question mark.</summary>
internal static class EscapedText
{
    /// <summary>Decodes as much as there is room for, never half a character.</summary>
    /// <param name="escaped">What stands between the quotes.</param>
    /// <param name="utf8">Gets the text.</param>
    /// <param name="read">Bytes of the source that were used.</param>
    /// <returns>Bytes written.</returns>
    public static int Decode(ReadOnlySpan<byte> escaped, Span<byte> utf8, out int read)
    {
        var written = 0;
        read = 0;
        // Four bytes hold every character.
        Span<byte> character = stackalloc byte[4];
        while (read < escaped.Length && written < utf8.Length)
        {
            var rest = escaped[read..];
            var plain = rest.IndexOf((byte)'\\');
            if (plain < 0) plain = rest.Length;
            if (plain > 0)
            {
                var fits = Math.Min(plain, utf8.Length - written);
                if (fits < plain)
                    while (fits > 0 && (rest[fits] & 0xC0) == 0x80) fits--;
                rest[..fits].CopyTo(utf8[written..]);
                written += fits;
                read += fits;
                if (fits < plain) return written;
                continue;
            }
            var used = Escape(rest, out var rune);
            var length = rune.EncodeToUtf8(character);
            if (length > utf8.Length - written) return written;
            character[..length].CopyTo(utf8[written..]);
            written += length;
            read += used;
        }
        return written;
    }

    /// <summary>About the last so many bytes, from a place on where no character or escape is cut; empty when there is no such place.</summary>
    public static ReadOnlySpan<byte> Tail(ReadOnlySpan<byte> escaped, int bytes)
    {
        if (escaped.Length <= bytes) return escaped;
        var tail = escaped[^bytes..];
        // Neither a blank nor the first byte of a longer character stands inside an escape.
        for (var i = 0; i < tail.Length; i++)
            if (tail[i] == (byte)' ' || tail[i] >= 0xC0) return tail[i..];
        return default;
    }

    private static int Escape(ReadOnlySpan<byte> escaped, out Rune rune)
    {
        rune = new Rune('?');
        if (escaped.Length < 2) return escaped.Length;
        if (escaped[1] != 'u')
        {
            rune = new Rune((char)(escaped[1] switch
            {
                (byte)'n' => (byte)'\n',
                (byte)'t' => (byte)'\t',
                (byte)'r' => (byte)'\r',
                (byte)'b' or (byte)'f' => (byte)' ',
                var other => other,
            }));
            return 2;
        }
        if (!TryHex(escaped, out var first)) return Math.Min(6, escaped.Length);
        if (Rune.TryCreate(first, out var whole))
        {
            rune = whole;
            return 6;
        }
        if (TryHex(escaped[6..], out var second) && Rune.TryCreate(first, second, out var pair))
        {
            rune = pair;
            return 12;
        }
        return 6;
    }

    private static bool TryHex(ReadOnlySpan<byte> escaped, out char value)
    {
        value = default;
        if (escaped.Length < 6 || escaped[0] != '\\' || escaped[1] != 'u') return false;
        if (!ushort.TryParse(escaped[2..6], System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var code)) return false;
        value = (char)code;
        return true;
    }
}
