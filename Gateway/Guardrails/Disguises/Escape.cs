using AspireGateway.Gateway.Guardrails.Injection.Normalisation;

namespace AspireGateway.Gateway.Guardrails.Disguises;

/// <summary>Reads what stands for one character: escapes of JSON, source code, addresses and HTML, and "at" and "dot" in brackets.</summary>
internal static class Escape
{
    private static readonly (string Name, char Character)[] Names = [("&commat;", '@'), ("&period;", '.'), ("&lowbar;", '_'), ("&hyphen;", '-'), ("&plus;", '+')];

    /// <summary>Reads the escape at the beginning of a text.</summary>
    /// <param name="text">Begins with <c>\</c>, <c>%</c> or <c>&amp;</c>.</param>
    /// <param name="length">Characters that it takes; 1 = it is none.</param>
    public static char Read(ReadOnlySpan<char> text, out int length)
    {
        if (text[0] == '&')
        {
            foreach (var (name, character) in Names)
            {
                if (!text.StartsWith(name, StringComparison.OrdinalIgnoreCase)) continue;
                length = name.Length;
                return character;
            }
        }
        return EscapeReader.Read(text, out length);
    }

    /// <summary>Reads <c>[at]</c>, <c>(dot)</c> and the like at the beginning of a text.</summary>
    /// <param name="text">Begins with an opening bracket.</param>
    /// <param name="length">Characters that it takes.</param>
    /// <returns>The sign; U+0000 = there is none.</returns>
    public static char ReadWord(ReadOnlySpan<char> text, out int length)
    {
        length = 1;
        while (length < text.Length && length < 3 && text[length] == ' ') length++;
        var rest = text[length..];
        var (sign, letters) = rest.StartsWith("at", StringComparison.OrdinalIgnoreCase) ? ('@', 2) : rest.StartsWith("dot", StringComparison.OrdinalIgnoreCase) ? ('.', 3)
            : rest.StartsWith("@", StringComparison.Ordinal) ? ('@', 1) : rest.StartsWith(".", StringComparison.Ordinal) ? ('.', 1) : ('\0', 0);
        if (letters == 0) return '\0';
        length += letters;
        while (length < text.Length && length < letters + 4 && text[length] == ' ') length++;
        var close = text[0] switch { '(' => ')', '[' => ']', _ => '}' };
        if (length >= text.Length || text[length] != close) return '\0';
        length++;
        return sign;
    }
}
