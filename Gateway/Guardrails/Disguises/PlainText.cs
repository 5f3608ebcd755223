using System.Buffers;
using System.Globalization;
using AspireGateway.Gateway.Guardrails.Injection.Normalisation;

namespace AspireGateway.Gateway.Guardrails.Disguises;

/// <summary>
/// A text as a reader understands it: without invisible characters, escapes read, full-width and mathematical letters and the digits of all scripts as ASCII, letters that only
/// look Latin as Latin, spaced letters joined. Case and all else stay. Knows where each of its characters stands in the text as written. Lives in pooled arrays.
/// </summary>
internal sealed class PlainText : IDisposable
{
    private const int MathFirst = 0x1D400, MathLast = 0x1D6A3, MathDigits = 0x1D7CE, MathDigitsLast = 0x1D7FF;

    private readonly char[] characters;
    private readonly int[] starts, ends;
    private int count;

    /// <summary>Reads a text.</summary>
    public PlainText(ReadOnlySpan<char> text)
    {
        // Never longer than what is written.
        (characters, starts, ends) = (ArrayPool<char>.Shared.Rent(text.Length), ArrayPool<int>.Shared.Rent(text.Length), ArrayPool<int>.Shared.Rent(text.Length));
        var (spaced, at) = (0, 0);
        while (at < text.Length)
        {
            if (spaced == 0 && (at == 0 || text[at - 1] is ' ' or '\n' or '\t' or '"' or '(' or ':')) spaced = DisguiseSigns.SpacedFrom(text, at);
            var length = ReadOne(text, at);
            at += length;
            if (spaced > 0 && --spaced > 0 && at < text.Length && text[at] == ' ') at++;
        }
    }

    /// <summary>The text.</summary>
    public ReadOnlySpan<char> Characters => characters.AsSpan(0, count);

    /// <summary>Where a stretch stands in the text as written.</summary>
    public (int Start, int End) Written(int start, int end) => (starts[start], ends[end - 1]);

    /// <summary>Whether a place of the text as written is within what stands for one character.</summary>
    public bool IsWithinCharacter(int place)
    {
        var at = Array.BinarySearch(starts, 0, count, place);
        return at < 0 && ~at > 0 && place < ends[~at - 1];
    }

    /// <summary>Gives the arrays back, the characters wiped.</summary>
    public void Dispose()
    {
        characters.AsSpan(0, count).Clear();
        ArrayPool<char>.Shared.Return(characters);
        ArrayPool<int>.Shared.Return(starts);
        ArrayPool<int>.Shared.Return(ends);
    }

    // How many characters were read.
    private int ReadOne(ReadOnlySpan<char> text, int at)
    {
        var c = text[at];
        int length;
        switch (c)
        {
            case '%' or '&' or '\\':
                var read = Escape.Read(text[at..], out length);
                if (read == '\0' || !CharacterFold.IsInvisible(read)) Add(read, at, length);
                return length;
            case '(' or '[' or '{' when Escape.ReadWord(text[at..], out length) is not '\0' and var sign:
                while (count > 0 && characters[count - 1] == ' ') count--;
                Add(sign, at, length);
                while (at + length < text.Length && text[at + length] == ' ') length++;
                return length;
            case '@' when DisguiseSigns.IsSpacedAt(text, at):
                if (count > 0 && characters[count - 1] == ' ') count--;
                Add(c, at, 1);
                return 2;
            case '\uD835' when at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) && MathOf(char.ConvertToUtf32(c, text[at + 1])) is not '\0' and var math:
                Add(math, at, 2);
                return 2;
        }
        if (!CharacterFold.IsInvisible(c)) Add(c < 128 ? c : PlainOf(text, at), at, 1);
        return 1;
    }

    private void Add(char character, int start, int length) => (characters[count], starts[count], ends[count++]) = (character, start, start + length);

    private static char PlainOf(ReadOnlySpan<char> text, int at)
    {
        var c = text[at];
        if (c is >= '\uFF01' and <= '\uFF5E') return (char)(c - 0xFEE0);
        if (CharUnicodeInfo.GetDecimalDigitValue(c) is >= 0 and var digit) return (char)('0' + digit);
        if (c is >= '\u0370' and < '\u0530')
        {
            if (!DisguiseSigns.IsLookalike(text, at)) return c;
            var latin = CharacterFold.Latin(char.ToLowerInvariant(c));
            return char.IsUpper(c) ? char.ToUpperInvariant(latin) : latin;
        }
        return c switch
        {
            '\uFE6B' => '@',
            '\uFE52' or '\u2024' => '.',
            (>= '\u2000' and <= '\u200A') or '\u205F' or '\u3000' => ' ',
            _ => c,
        };
    }

    private static char MathOf(int codePoint) => codePoint switch
    {
        >= MathFirst and <= MathLast when (codePoint - MathFirst) % 52 is < 26 and var capital => (char)('A' + capital),
        >= MathFirst and <= MathLast => (char)('a' + ((codePoint - MathFirst) % 52) - 26),
        >= MathDigits and <= MathDigitsLast => (char)('0' + ((codePoint - MathDigits) % 10)),
        _ => '\0',
    };
}
