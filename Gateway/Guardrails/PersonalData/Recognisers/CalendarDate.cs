using System.Collections.Frozen;

namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>Reads a date as it is written in the languages that are looked at: by numbers, or with the name of the month.</summary>
internal static class CalendarDate
{
    private const int LongestMonth = 12, FirstYear = 1900, LastYear = 2099;

    private static readonly FrozenSet<string> Months = (
        "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec "
        + "januar februar märz mai juni juli oktober dezember jänner janvier février mars avril juin juillet août septembre octobre novembre décembre "
        + "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre "
        + "gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre "
        + "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia "
        + "januari februari maart mei augustus "
        + "janeiro fevereiro março maio junho julho setembro outubro novembro dezembro").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> MonthLookup = Months.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Whether a word names a month.</summary>
    public static bool IsMonth(ReadOnlySpan<char> word) => word.Length is >= 3 and <= LongestMonth && MonthLookup.Contains(word);

    /// <summary>The place after the date that begins at <paramref name="start"/>; -1 for none.</summary>
    public static int EndOf(ReadOnlySpan<char> text, int start)
    {
        var at = start;
        if (!char.IsAsciiDigit(text[at])) return FromMonth(text, at);
        if (!Number(text, ref at, out var first, out var digits)) return -1;
        if (digits == 4) return first is >= FirstYear and <= LastYear ? YearFirst(text, at) : -1;
        if (digits > 2 || first is 0 or > 31 || at >= text.Length) return -1;
        if (text[at] is '/' or '.' or '-') return ByNumbers(text, at, first);

        // "3rd of", "3. ", "3 de ", "1er ".
        foreach (var ending in (ReadOnlySpan<string>)["st", "nd", "rd", "th", "er", "º", "."])
        {
            if (!text[at..].StartsWith(ending, StringComparison.OrdinalIgnoreCase)) continue;
            at += ending.Length;
            break;
        }
        SkipJoin(text, ref at);
        if (!Month(text, ref at)) return -1;
        if (at < text.Length && text[at] is ',' or '.') at++;
        SkipJoin(text, ref at);
        return Year(text, at);
    }

    private static int ByNumbers(ReadOnlySpan<char> text, int at, int first)
    {
        var separator = text[at++];
        if (separator == '.' && at < text.Length && text[at] == ' ')
        {
            at++;
            if (at < text.Length && char.IsLetter(text[at])) return Month(text, ref at) && SkipJoin(text, ref at) ? Year(text, at) : -1;
        }
        if (separator is '-' or '/' && at < text.Length && char.IsLetter(text[at])) return Month(text, ref at) && at < text.Length && text[at] == separator ? Year(text, at + 1) : -1;
        if (!Number(text, ref at, out var second, out var digits) || digits > 2 || second is 0 or > 31 || (first > 12 && second > 12) || at >= text.Length || text[at] != separator) return -1;
        at++;
        if (separator == '.' && at < text.Length && text[at] == ' ') at++;
        if (!Number(text, ref at, out var year, out digits)) return -1;
        return digits == 2 || (digits == 4 && year is >= FirstYear and <= LastYear) ? Clean(text, at) : -1;
    }

    private static int YearFirst(ReadOnlySpan<char> text, int at)
    {
        if (at >= text.Length || text[at] is not ('-' or '/' or '.')) return -1;
        var separator = text[at++];
        if (!Number(text, ref at, out var month, out var digits) || digits > 2 || month is 0 or > 12 || at >= text.Length || text[at] != separator) return -1;
        at++;
        return Number(text, ref at, out var day, out digits) && digits <= 2 && day is > 0 and <= 31 ? Clean(text, at) : -1;
    }

    private static int FromMonth(ReadOnlySpan<char> text, int start)
    {
        var at = start;
        if (!Month(text, ref at)) return -1;
        if (at < text.Length && text[at] is '.') at++;
        if (at >= text.Length || text[at++] != ' ' || !Number(text, ref at, out var day, out var digits)) return -1;
        if (digits == 4) return day is >= FirstYear and <= LastYear ? Clean(text, at) : -1;
        if (digits > 2 || day is 0 or > 31) return -1;
        foreach (var ending in (ReadOnlySpan<string>)["st", "nd", "rd", "th"])
        {
            if (!text[at..].StartsWith(ending, StringComparison.OrdinalIgnoreCase)) continue;
            at += ending.Length;
            break;
        }
        if (at < text.Length && text[at] == ',') at++;
        return at < text.Length && text[at] == ' ' ? Year(text, at + 1) : -1;
    }

    private static int Year(ReadOnlySpan<char> text, int at) => Number(text, ref at, out var year, out var digits) && digits == 4 && year is >= FirstYear and <= LastYear ? Clean(text, at) : -1;

    private static int Clean(ReadOnlySpan<char> text, int at) => at < text.Length && (char.IsLetterOrDigit(text[at]) && text[at] != 'T') ? -1 : at;

    private static bool SkipJoin(ReadOnlySpan<char> text, ref int at)
    {
        if (at < text.Length && text[at] == ' ') at++;
        foreach (var join in (ReadOnlySpan<string>)["of ", "de ", "del ", "di "])
        {
            if (!text[Math.Min(at, text.Length)..].StartsWith(join, StringComparison.OrdinalIgnoreCase)) continue;
            at += join.Length;
            break;
        }
        return true;
    }

    private static bool Month(ReadOnlySpan<char> text, ref int at)
    {
        var end = at;
        while (end < text.Length && end - at <= LongestMonth && char.IsLetter(text[end])) end++;
        if (!IsMonth(text[at..end])) return false;
        at = end;
        return true;
    }

    private static bool Number(ReadOnlySpan<char> text, ref int at, out int value, out int digits)
    {
        (value, digits) = (0, 0);
        while (at < text.Length && digits < 5 && char.IsAsciiDigit(text[at]))
        {
            value = value * 10 + text[at++] - '0';
            digits++;
        }
        return digits > 0;
    }
}
