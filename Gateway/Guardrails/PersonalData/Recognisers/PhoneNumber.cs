namespace AspireGateway.Gateway.Guardrails.PersonalData.Recognisers;

/// <summary>The digits of a telephone number as they are written: with blanks, dashes, dots, slashes and brackets between the groups. A bounded stretch of the text.</summary>
internal ref struct PhoneNumber(Span<byte> digits, Span<int> sizes)
{
    private readonly Span<byte> digits = digits;
    private readonly Span<int> sizes = sizes;
    private GroupEnds ends;

    /// <summary>Whether it begins with + or 00; those are not among the digits.</summary>
    public bool IsInternational { get; private set; }

    /// <summary>Whether the first group is in brackets.</summary>
    public bool HasArea { get; private set; }

    /// <summary>How many digits.</summary>
    public int Count { get; private set; }

    /// <summary>How many groups.</summary>
    public int Groups { get; private set; }

    /// <summary>The separator between the groups when it is the same everywhere; a blank when they differ.</summary>
    public char Separator { get; private set; }

    /// <summary>The place after the last digit.</summary>
    public readonly int End => ends[Groups - 1];

    /// <summary>The digits' values.</summary>
    public readonly ReadOnlySpan<byte> Digits => digits[..Count];

    /// <summary>How many digits a group has.</summary>
    public readonly int SizeOf(int group) => sizes[group];

    /// <summary>Reads it.</summary>
    /// <returns>False when there are too few digits.</returns>
    public bool Read(ReadOnlySpan<char> text, int start)
    {
        (Count, Groups, Separator) = (0, 0, '\0');
        var at = start;
        if (text[at] == '+')
        {
            IsInternational = true;
            at++;
        }
        else if (text[at] == '(' && at + 1 < text.Length && text[at + 1] == '+')
        {
            IsInternational = true;
            at += 2;
        }
        else if (at + 3 < text.Length && text[at] == '0' && text[at + 1] == '0' && (text[at + 2] is ' ' or '-' || char.IsAsciiDigit(text[at + 2])))
        {
            IsInternational = true;
            at += text[at + 2] is ' ' or '-' ? 3 : 2;
        }
        if (!IsInternational && text[at] == '(') HasArea = true;
        while (at < text.Length)
        {
            var c = text[at];
            if (char.IsAsciiDigit(c))
            {
                var first = at;
                while (at < text.Length && char.IsAsciiDigit(text[at]))
                {
                    if (Count == digits.Length)
                    {
                        Count -= at - first;
                        return Groups > 0;
                    }
                    digits[Count++] = (byte)(text[at++] - '0');
                }
                ends[Groups] = at;
                sizes[Groups++] = at - first;
                continue;
            }
            // The trunk's zero in brackets behind a country's code is not dialled from abroad.
            if (IsInternational && text[at..] is ['(', '0', ')', ..])
            {
                at += 3;
                continue;
            }
            if (!IsSeparator(c) || (Groups == 0 && c != '(')) break;
            var width = at + 2 < text.Length && ((c == ')' && text[at + 1] is ' ' or '-' or '/' or '.') || (c == ' ' && text[at + 1] is '(' or '-' or '/' or '–')) ? 2 : 1;
            if (c == ' ' && width == 2 && text[at + 1] is '-' or '/' or '–' && text[at + 2] == ' ') width = 3;
            if (at + width >= text.Length || (!char.IsAsciiDigit(text[at + width]) && !(IsInternational && text[at + width] == '('))) break;
            if (c == '(' && Groups > 1) break;
            var kind = c is ')' or '(' || width > 1 ? '\0' : c is '\u00A0' or '\u202F' ? ' ' : c;
            if (kind != '\0') Separator = Separator == '\0' || Separator == kind ? kind : ' ';
            at += width;
        }
        return Count > 5;
    }

    /// <summary>Leaves the last group out.</summary>
    public void DropLast()
    {
        Groups--;
        Count -= sizes[Groups];
    }

    /// <summary>Leaves groups out until there are no more digits than that.</summary>
    /// <returns>False when no group is left.</returns>
    public bool TrimTo(int most)
    {
        while (Groups > 0 && Count > most) DropLast();
        return Groups > 0;
    }

    /// <summary>The place after an extension that follows, or <paramref name="end"/>.</summary>
    public static int WithExtension(ReadOnlySpan<char> text, int end)
    {
        var at = end;
        if (at < text.Length && text[at] is ',') at++;
        if (at < text.Length && text[at] == ' ') at++;
        var rest = text[Math.Min(at, text.Length)..];
        var word = rest.StartsWith("extension", StringComparison.OrdinalIgnoreCase) ? 9
            : rest.StartsWith("ext", StringComparison.OrdinalIgnoreCase) ? 3
            : rest.StartsWith("x", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        if (word == 0) return end;
        at += word;
        while (at < text.Length && text[at] is '.' or ' ' or ':' && at - end < 16) at++;
        var first = at;
        while (at < text.Length && char.IsAsciiDigit(text[at]) && at - first < 6) at++;
        return at == first || (at < text.Length && char.IsLetterOrDigit(text[at])) ? end : at;
    }

    private static bool IsSeparator(char c) => c is ' ' or '-' or '.' or '/' or '(' or ')' or '\u00A0' or '\u202F' or '\u2011' or '–';

    [System.Runtime.CompilerServices.InlineArray(16)]
    private struct GroupEnds
    {
        private int first;
    }
}
