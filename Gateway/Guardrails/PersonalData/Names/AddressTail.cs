namespace AspireGateway.Gateway.Guardrails.PersonalData.Names;

/// <summary>
/// What belongs to an address behind street and number: a flat, a town, a state, a postcode, on the same line or the next two. Without a postcode only a flat and one town
/// behind a comma are taken.
/// </summary>
internal static class AddressTail
{
    private const int MaxWords = 14, Longest = 110;

    private static readonly string[] Units = ["apt", "apartment", "suite", "ste", "unit", "flat", "floor", "fl", "room", "rm", "bldg", "building", "block", "tower", "apto", "ap", "bloco", "piso", "puerta", "esc", "int", "interno", "scala", "étage", "bât", "appt", "m", "lok", "whg", "depto"];

    /// <summary>The place after all that belongs to the address.</summary>
    public static int EndOf(ReadOnlySpan<char> text, int from, out bool hasPostcode)
    {
        hasPostcode = false;
        var (at, best, lines) = (from, from, 0);
        var (town, afterPostcode) = (-1, 0);
        for (var words = 0; words < MaxWords && at - from < Longest; words++)
        {
            var separator = Separator(text, ref at, ref lines, out var comma);
            if (!separator || at >= text.Length) break;
            if (hasPostcode && (lines > 2 || (comma && afterPostcode > 0))) break;
            var end = WordEnd(text, at);
            if (end == at) break;
            var word = text[at..end];
            if (!hasPostcode && PostcodeEnd(text, at) is > 0 and var code && (comma || town >= 0 || !char.IsAsciiDigit(text[from - 1]) || lines > 0 || code - at >= 4))
            {
                (hasPostcode, best, at) = (true, code, code);
                continue;
            }
            if (IsUnit(word) && !hasPostcode)
            {
                at = end < text.Length && text[end] == '.' ? end + 1 : end;
                if (at < text.Length && text[at] == ' ') at++;
                if (at < text.Length && text[at] == '#') at++;
                var number = WordEnd(text, at);
                if (number == at || number - at > 5) break;
                (at, best) = (number, number);
                continue;
            }
            if (char.IsUpper(word[0]))
            {
                if (hasPostcode)
                {
                    // The town behind the postcode, up to three words; nothing when the town has been before.
                    if (town >= 0 || lines > 1 || afterPostcode++ == 3) break;
                    best = end;
                }
                else if (lines == 0 && comma && town < 0 && words < 3) (town, best) = (end, IsEndOfTown(text, end) ? end : best);
                else if (town < 0 && (comma || lines > 0)) town = end;
                at = end;
                continue;
            }
            if (word.Length <= 3 && char.IsLetter(word[0]) && !hasPostcode)
            {
                at = end;
                continue;
            }
            if (char.IsAsciiDigit(word[0]) && !hasPostcode && words < 3 && word.Length <= 4)
            {
                at = end;
                if (at < text.Length && text[at] is 'º' or 'ª' or '°') at++;
                continue;
            }
            break;
        }
        return best;
    }

    private static bool Separator(ReadOnlySpan<char> text, ref int at, ref int lines, out bool comma)
    {
        comma = false;
        var start = at;
        while (at < text.Length && at - start < 4)
        {
            var c = text[at];
            if (c is ',' or '-' or '–' or '/' or '(' or '#') comma = true;
            else if (c is '\n')
            {
                lines++;
                comma = true;
            }
            else if (c == '.' && (at + 1 >= text.Length || text[at + 1] is not (' ' or ',' or '\n') || at > start)) return false;
            else if (c == '.' && at + 2 < text.Length && text[at + 1] == ' ' && !char.IsAsciiDigit(text[at + 2])) return IsShortBefore(text, at) && Skip(ref at);
            else if (c is not (' ' or '\r' or '.')) break;
            at++;
            if (lines > 2) return false;
        }
        return at > start;
    }

    private static bool Skip(ref int at)
    {
        at += 2;
        return true;
    }

    private static bool IsShortBefore(ReadOnlySpan<char> text, int at)
    {
        var start = at;
        while (start > 0 && at - start < 5 && char.IsLetter(text[start - 1])) start--;
        return at - start is > 0 and <= 4 && StreetWords.IsEnding(text[start..at]);
    }

    private static bool IsEndOfTown(ReadOnlySpan<char> text, int end) => end >= text.Length || text[end] is ',' or '.' or '\n' or ';' or ')' or '"' or '\r' or '|' or '?' or '!' or '<';

    private static bool IsUnit(ReadOnlySpan<char> word)
    {
        foreach (var unit in Units)
            if (word.Equals(unit, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    // Five or six digits (also 5-4, 5-3, 2-3, 4-3), Britain's and Canada's letters and digits, the Netherlands' four digits and two letters, Australia's four digits.
    private static int PostcodeEnd(ReadOnlySpan<char> text, int at)
    {
        var end = at;
        while (end < text.Length && end - at < 7 && char.IsAsciiDigit(text[end])) end++;
        var digits = end - at;
        if (digits > 0)
        {
            if (end < text.Length && text[end] == '-')
            {
                var more = end + 1;
                while (more < text.Length && more - end < 6 && char.IsAsciiDigit(text[more])) more++;
                if ((digits, more - end - 1) is (5, 4) or (5, 3) or (2, 3) or (4, 3)) return Clean(text, more);
            }
            if (digits == 4 && end + 2 < text.Length)
            {
                var letters = text[end] == ' ' ? end + 1 : end;
                if (letters + 1 < text.Length && char.IsAsciiLetterUpper(text[letters]) && char.IsAsciiLetterUpper(text[letters + 1]) && Clean(text, letters + 2) > 0) return letters + 2;
            }
            if (digits == 3 && end + 3 < text.Length && text[end] == ' ' && char.IsAsciiDigit(text[end + 1]) && char.IsAsciiDigit(text[end + 2]) && char.IsAsciiDigit(text[end + 3])) return Clean(text, end + 4);
            return digits is 4 or 5 or 6 ? Clean(text, end) : 0;
        }
        if (!char.IsAsciiLetterUpper(text[at])) return 0;
        while (end < text.Length && end - at < 5 && (char.IsAsciiLetterUpper(text[end]) || char.IsAsciiDigit(text[end]))) end++;
        if (end - at is < 2 or > 4 || !text[at..end].ContainsAnyInRange('0', '9')) return 0;
        if (end >= text.Length || text[end] != ' ' || end + 4 > text.Length) return 0;
        var (a, b, c) = (text[end + 1], text[end + 2], text[end + 3]);
        return char.IsAsciiDigit(a) && char.IsAsciiLetterUpper(b) && char.IsAsciiLetterOrDigit(c) ? Clean(text, end + 4) : 0;
    }

    private static int Clean(ReadOnlySpan<char> text, int end) => end < text.Length && char.IsLetterOrDigit(text[end]) ? 0 : end;

    private static int WordEnd(ReadOnlySpan<char> text, int at)
    {
        var end = at;
        while (end < text.Length && end - at < 30 && (char.IsLetterOrDigit(text[end]) || (text[end] is '-' or '\'' or '’' && end > at && end + 1 < text.Length && char.IsLetter(text[end + 1])))) end++;
        return end;
    }
}
