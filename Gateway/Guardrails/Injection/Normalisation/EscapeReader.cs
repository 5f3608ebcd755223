using System.Buffers;
using System.Globalization;

namespace AspireGateway.Gateway.Guardrails.Injection.Normalisation;

/// <summary>Reads one escape of JSON and source code (<c>\n</c>, <c>\u0069</c>, <c>\x69</c>), of URLs (<c>%69</c>) or of HTML (<c>&amp;#105;</c>).</summary>
internal static class EscapeReader
{
    private const int MaxEntity = 8;

    /// <summary>The characters that an escape begins with.</summary>
    public static readonly SearchValues<char> Beginnings = SearchValues.Create("\\%&");

    private static readonly (string Name, char Character)[] Entities = [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("quot;", '"'), ("apos;", '\''), ("nbsp;", ' ')];

    /// <summary>Reads the escape at the beginning of a text.</summary>
    /// <param name="text">Begins with <c>\</c>, <c>%</c> or <c>&amp;</c>.</param>
    /// <param name="length">Characters that the escape takes, at least 1.</param>
    /// <returns>What it stands for; the first character itself where it is none.</returns>
    public static char Read(ReadOnlySpan<char> text, out int length)
    {
        length = 1;
        if (text.Length < 2) return text[0];
        return text[0] switch
        {
            '\\' => Backslash(text, ref length),
            '%' => Percent(text, ref length),
            _ => Entity(text, ref length),
        };
    }

    private static char Backslash(ReadOnlySpan<char> text, ref int length)
    {
        length = 2;
        switch (text[1])
        {
            case 'n' or 'r':
                return '\n';
            case 't' or 'b' or 'f':
                return ' ';
            case '"' or '\\' or '/' or '\'':
                return text[1];
            case 'u' when text.Length >= 6 && ushort.TryParse(text.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit):
                length = 6;
                return (char)unit;
            case 'x' when text.Length >= 4 && byte.TryParse(text.Slice(2, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value):
                length = 4;
                return (char)value;
            default:
                length = 1;
                return '\\';
        }
    }

    // Only ASCII: two and more bytes of UTF-8 stay as they are.
    private static char Percent(ReadOnlySpan<char> text, ref int length)
    {
        if (text.Length < 3 || !byte.TryParse(text.Slice(1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value is 0 or > 0x7E) return '%';
        length = 3;
        return (char)value;
    }

    private static char Entity(ReadOnlySpan<char> text, ref int length)
    {
        if (text[1] == '#')
        {
            var semicolon = text[..Math.Min(text.Length, MaxEntity + 2)].IndexOf(';');
            if (semicolon < 3) return '&';
            var isHex = text[2] is 'x' or 'X';
            var digits = text[(isHex ? 3 : 2)..semicolon];
            if (!ushort.TryParse(digits, isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out var unit)) return '&';
            length = semicolon + 1;
            return (char)unit;
        }
        foreach (var (name, character) in Entities)
        {
            if (!text[1..].StartsWith(name, StringComparison.OrdinalIgnoreCase)) continue;
            length = name.Length + 1;
            return character;
        }
        return '&';
    }
}
