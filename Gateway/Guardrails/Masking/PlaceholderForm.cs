namespace AspireGateway.Gateway.Guardrails.Masking;

/// <summary>What a text that begins with a bracket is.</summary>
internal enum PlaceholderMatch
{
    /// <summary>No placeholder.</summary>
    None,

    /// <summary>It may become one.</summary>
    Partial,

    /// <summary>A placeholder, in whatever form.</summary>
    Whole,
}

/// <summary>
/// Knows placeholders again that a model has written in another form than it was given: in other case, with spaces within the brackets, with other marks between the words, with brackets that are
/// escaped for HTML, JSON or markdown. What it says of a text never changes with what follows, so it may come in pieces.
/// </summary>
internal static class PlaceholderForm
{
    /// <summary>Characters that one can begin with.</summary>
    public const string Beginnings = "<&\\";

    /// <summary>The longest form, in characters.</summary>
    public const int MaxLength = Placeholders.MaxLength + 24;

    private const int MostSpaces = 3;

    private static readonly string[] Opening = ["<", "&lt;", "&#60;", "&#x3c;", "\\u003c", "\\<"];
    private static readonly string[] Closing = [">", "&gt;", "&#62;", "&#x3e;", "\\u003e", "\\>"];

    /// <summary>Reads a text that begins with one of <see cref="Beginnings"/>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="placeholders">Those that were given out.</param>
    /// <param name="canonical">Gets it as it was given, <c>&lt;EMAIL_1&gt;</c>; at least <see cref="Placeholders.MaxLength"/> characters.</param>
    /// <param name="written">How many characters that has.</param>
    /// <param name="length">How many characters of the text it takes.</param>
    public static PlaceholderMatch Read(ReadOnlySpan<char> text, Placeholders placeholders, Span<char> canonical, out int written, out int length)
    {
        (written, length) = (0, 0);
        var opened = Match(text, Opening, out var at);
        if (opened != PlaceholderMatch.Whole) return opened;
        canonical[written++] = '<';
        for (var spaces = 0; at < text.Length && text[at] == ' '; at++)
            if (++spaces > MostSpaces) return PlaceholderMatch.None;
        var hasMark = false;
        while (at < text.Length)
        {
            var unit = text[at];
            if (unit is ' ' or '_' or '-' || unit == '\\' && at + 1 < text.Length && text[at + 1] == '_')
            {
                (hasMark, at) = (true, at + 1);
                continue;
            }
            if (char.IsAsciiLetterOrDigit(unit))
            {
                if (written + 3 > Placeholders.MaxLength) return PlaceholderMatch.None;
                var joins = hasMark || char.IsAsciiDigit(unit) && written > 1 && char.IsAsciiLetter(canonical[written - 1]);
                if (joins && written > 1) canonical[written++] = '_';
                hasMark = false;
                canonical[written++] = char.ToUpperInvariant(unit);
                at++;
                if (at > MaxLength || !placeholders.MayBegin(canonical[1..written])) return PlaceholderMatch.None;
                continue;
            }
            var closed = Match(text[at..], Closing, out var bracket);
            if (closed != PlaceholderMatch.Whole) return closed == PlaceholderMatch.Partial && at <= MaxLength ? closed : PlaceholderMatch.None;
            if (written < 2 || !char.IsAsciiDigit(canonical[written - 1])) return PlaceholderMatch.None;
            canonical[written++] = '>';
            length = at + bracket;
            return PlaceholderMatch.Whole;
        }
        return at > MaxLength ? PlaceholderMatch.None : PlaceholderMatch.Partial;
    }

    private static PlaceholderMatch Match(ReadOnlySpan<char> text, string[] forms, out int length)
    {
        var match = PlaceholderMatch.None;
        length = 0;
        foreach (var form in forms)
        {
            if (text.StartsWith(form, StringComparison.OrdinalIgnoreCase))
            {
                length = form.Length;
                return PlaceholderMatch.Whole;
            }
            if (text.Length < form.Length && form.AsSpan().StartsWith(text, StringComparison.OrdinalIgnoreCase)) match = PlaceholderMatch.Partial;
        }
        return match;
    }
}
