using System.Buffers;
using System.Globalization;
using System.Text;

namespace AspireGateway.Gateway.Guardrails.Injection.Normalisation;

/// <summary>
/// Finds and decodes pieces of base64 (RFC 4648, both alphabets), hexadecimal, binary and decimal character codes. What decodes to readable text is added to
/// <see cref="NormalText.Hidden"/>. Decoding makes a text shorter, so the whole is linear.
/// </summary>
internal static class EncodedRuns
{
    private const int MinRun = 16, MinCodes = 8;

    private static readonly SearchValues<char> WhiteSpace = SearchValues.Create(" \t\r\n,;\"'`()[]{}<>|:");

    /// <summary>Decodes what is encoded in a text.</summary>
    public static void Decode(ReadOnlySpan<char> text, NormalText into)
    {
        var lastEnd = -16;
        var (codes, codesFrom, codesBase) = (0, 0, 0);
        for (var at = 0; at < text.Length;)
        {
            var length = text[at..].IndexOfAny(WhiteSpace);
            if (length < 0) length = text.Length - at;
            if (length > 0)
            {
                var token = text.Slice(at, length);
                var numberBase = BaseOf(token);
                if (codes > 0 && numberBase != codesBase)
                {
                    if (codes >= MinCodes) AddCodes(text[codesFrom..at], codesBase, into);
                    codes = 0;
                }
                if (numberBase != 0 && codes++ == 0) (codesFrom, codesBase) = (at, numberBase);
                if (length >= MinRun && AddRun(token, at - lastEnd > 3, into)) lastEnd = at + length;
            }
            at += length + 1;
        }
        if (codes >= MinCodes) AddCodes(text[codesFrom..], codesBase, into);
    }

    /// <summary>16 for <c>69</c>-like and <c>0x69</c>, 10 for 32 to 126, 2 for eight binary digits, 0 for anything else. Two digits count as hexadecimal.</summary>
    private static int BaseOf(ReadOnlySpan<char> token)
    {
        if (token.Length is 4 && token[0] == '0' && token[1] is 'x' or 'X') return 16;
        if (token.Length is 2) return char.IsAsciiHexDigit(token[0]) && char.IsAsciiHexDigit(token[1]) ? 16 : 0;
        if (token.Length is 3) return token[0] == '1' && char.IsAsciiDigit(token[1]) && char.IsAsciiDigit(token[2]) ? 10 : 0;
        return token.Length is 7 or 8 && !token.ContainsAnyExcept('0', '1') ? 2 : 0;
    }

    private static void AddCodes(ReadOnlySpan<char> codes, int numberBase, NormalText into)
    {
        var before = into.HiddenLength;
        Span<char> one = stackalloc char[1];
        foreach (var range in codes.SplitAny(WhiteSpace))
        {
            var token = codes[range];
            if (token.IsEmpty) continue;
            if (token.Length == 4 && numberBase == 16) token = token[2..];
            var style = numberBase switch { 16 => NumberStyles.AllowHexSpecifier, 2 => NumberStyles.AllowBinarySpecifier, _ => NumberStyles.None };
            if (!byte.TryParse(token, style, CultureInfo.InvariantCulture, out var value)) continue;
            one[0] = (char)value;
            into.AddHidden(one);
        }
        if (LooksLikeText(into.Hidden[before..])) into.AddHidden("\n");
        else into.CutHidden(before);
    }

    private static bool AddRun(ReadOnlySpan<char> token, bool isNewPiece, NormalText into)
    {
        var added = false;
        for (var at = 0; at + MinRun <= token.Length;)
        {
            var length = 0;
            while (at + length < token.Length && Sextet(token[at + length]) >= 0) length++;
            if (length >= MinRun)
            {
                var run = token.Slice(at, length);
                added |= (length % 2 == 0 && AddBytes(run, isHex: true, isNewPiece, into)) || AddBytes(run, isHex: false, isNewPiece, into);
            }
            at += length + 1;
        }
        return added;
    }

    private static bool AddBytes(ReadOnlySpan<char> run, bool isHex, bool isNewPiece, NormalText into)
    {
        // A look at the first characters spares the rest of what is plainly no text: an identifier, a path, a hash.
        Span<byte> probe = stackalloc byte[12];
        var probed = isHex ? DecodeHex(run[..Math.Min(run.Length, 24)], probe) : DecodeBase64(run[..Math.Min(run.Length, 16)], probe);
        if (probed < 0) return false;
        foreach (var value in probe[..probed])
            if (value is < 0x20 and not ((byte)'\n' or (byte)'\t' or (byte)'\r') or 0x7F) return false;

        var bytes = ArrayPool<byte>.Shared.Rent(run.Length);
        var chars = ArrayPool<char>.Shared.Rent(run.Length);
        try
        {
            var count = isHex ? DecodeHex(run, bytes) : DecodeBase64(run, bytes);
            if (count <= 0) return false;
            var written = Encoding.UTF8.GetChars(bytes.AsSpan(0, count), chars);
            if (!LooksLikeText(chars.AsSpan(0, written))) return false;
            if (isNewPiece && into.HiddenLength > 0) into.AddHidden("\n");
            into.AddHidden(chars.AsSpan(0, written));
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
            ArrayPool<char>.Shared.Return(chars);
        }
    }

    private static bool LooksLikeText(ReadOnlySpan<char> chars)
    {
        if (chars.Length < MinCodes) return false;
        var letters = 0;
        foreach (var character in chars)
        {
            if (character == '\uFFFD' || (char.IsControl(character) && character is not ('\n' or '\r' or '\t'))) return false;
            if (char.IsLetter(character) || character == ' ') letters++;
        }
        return letters * 10 >= chars.Length * 7;
    }

    private static int DecodeHex(ReadOnlySpan<char> digits, Span<byte> into)
    {
        for (var i = 0; i + 1 < digits.Length; i += 2)
        {
            if (!char.IsAsciiHexDigit(digits[i]) || !char.IsAsciiHexDigit(digits[i + 1])) return -1;
            into[i / 2] = (byte)(Nibble(digits[i]) << 4 | Nibble(digits[i + 1]));
        }
        return digits.Length / 2;
    }

    private static int DecodeBase64(ReadOnlySpan<char> run, Span<byte> into)
    {
        var (bits, held, count) = (0, 0, 0);
        foreach (var character in run)
        {
            bits = (bits << 6 | Sextet(character)) & 0xFFFF;
            held += 6;
            if (held < 8) continue;
            held -= 8;
            into[count++] = (byte)(bits >> held);
        }
        return count;
    }

    private static int Nibble(char digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    private static int Sextet(char character) => character switch
    {
        >= 'A' and <= 'Z' => character - 'A',
        >= 'a' and <= 'z' => character - 'a' + 26,
        >= '0' and <= '9' => character - '0' + 52,
        '+' or '-' => 62,
        '/' or '_' => 63,
        _ => -1,
    };
}
