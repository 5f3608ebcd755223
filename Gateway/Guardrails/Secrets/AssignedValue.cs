namespace AspireGateway.Gateway.Guardrails.Secrets;

/// <summary>Finds what is assigned to a name: over quotes and brackets, a sign of assignment or the word "is", a type or a scheme of authorization.</summary>
internal struct AssignedValue
{
    private const int Longest = 512, LongestGap = 32;

    /// <summary>Where the value begins.</summary>
    public int Start { get; private set; }

    /// <summary>Its length.</summary>
    public int Length { get; private set; }

    /// <summary>Whether it stands in quotes.</summary>
    public bool IsQuoted { get; private set; }

    /// <summary>Whether a sign, not a word, assigns it.</summary>
    public bool IsAssigned { get; private set; }

    /// <summary>Whether an equals sign assigns it.</summary>
    public bool HasEquals { get; private set; }

    /// <summary>Reads it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="nameStart">Where the name begins.</param>
    /// <param name="nameEnd">Where it ends.</param>
    /// <returns>False when nothing is assigned.</returns>
    public bool Read(ReadOnlySpan<char> text, int nameStart, int nameEnd)
    {
        var at = nameEnd;
        while (at < text.Length && at - nameEnd < 4 && text[at] is '"' or '\'' or '`' or ']' or ')' or '\\' or '*') at++;
        at = SkipBlanks(text, at);
        if (!Separator(text, nameStart, ref at)) return false;
        for (var round = 0; round < 3; round++)
        {
            at = SkipBlanks(text, at);
            ReadValue(text, at, nameStart > 0 && text[nameStart - 1] is '?' or '&');
            if (Length == 0) return false;
            var value = text.Slice(Start, Length);
            var next = SkipBlanks(text, Start + Length);
            // "name: string = 'value'", and "Authorization: Bearer value".
            if (!IsQuoted && next < text.Length && text[next] == '=' && !value.ContainsAnyInRange('0', '9') && IsAssigned && text[Start - 1] != '=') at = next + 1;
            else if (value.Equals("bearer", StringComparison.OrdinalIgnoreCase) || value.Equals("basic", StringComparison.OrdinalIgnoreCase) || value.Equals("token", StringComparison.OrdinalIgnoreCase) || value.Equals("bot", StringComparison.OrdinalIgnoreCase)) at = next;
            else return true;
        }
        return true;
    }

    private bool Separator(ReadOnlySpan<char> text, int nameStart, ref int at)
    {
        if (at >= text.Length) return false;
        var from = at;
        // A few plain words may stand between: "the password for the server is".
        for (var end = Math.Min(text.Length, from + LongestGap); at < end; at++)
        {
            var c = text[at];
            if (c is ':' or '=' or '>' or ',' or '(')
            {
                if (c is ',' or '(' or '>' && at != from) return false;
                IsAssigned = true;
                at++;
                while (at < text.Length && text[at] is '=' or '>' or ':' or '~') at++;
                HasEquals = text[at - 1] == '=' || c == '=';
                // "call(value)" and "a, b" assign only what is quoted.
                return c is not (',' or '(') || (SkipBlanks(text, at) is var quote && quote < text.Length && text[quote] is '"' or '\'');
            }
            if (IsCopula(text, at, out var length))
            {
                at += length;
                return true;
            }
            if (!(char.IsLetter(c) || c is ' ' or '\'' or '-')) break;
        }
        at = from;
        // --password value
        return nameStart < text.Length && text[nameStart] == '-' && from < text.Length && text[from - 1] is ' ' or '\t';
    }

    private static bool IsCopula(ReadOnlySpan<char> text, int at, out int length)
    {
        length = 0;
        if (at > 0 && text[at - 1] != ' ') return false;
        foreach (var word in (ReadOnlySpan<string>)["is ", "was ", "to ", "ist ", "lautet ", "est ", "es ", "è ", "é ", "to jest "])
        {
            if (!text[at..].StartsWith(word, StringComparison.OrdinalIgnoreCase)) continue;
            length = word.Length;
            var rest = text[(at + length)..];
            foreach (var now in (ReadOnlySpan<string>)["now ", "still ", "currently ", "jetzt "])
                if (rest.StartsWith(now, StringComparison.OrdinalIgnoreCase)) length += now.Length;
            return true;
        }
        return false;
    }

    private void ReadValue(ReadOnlySpan<char> text, int at, bool isQuery)
    {
        (Start, Length, IsQuoted) = (at, 0, false);
        if (at >= text.Length) return;
        while (at < text.Length && text[at] == '\\') at++;
        if (at < text.Length && text[at] is '@' or 'b' or 'r' or 'f' or 'u' && at + 1 < text.Length && text[at + 1] is '"' or '\'') at++;
        if (at >= text.Length) return;
        var quote = text[at];
        var rest = text[at..Math.Min(text.Length, at + Longest)];
        if (quote is '"' or '\'' or '`')
        {
            var close = rest[1..].IndexOfAny(quote, '\n');
            IsQuoted = true;
            Start = at + 1;
            if (close < 0 || rest[1 + close] == '\n') return;
            if (close > 0 && rest[close] == '\\') close--;
            Length = close;
            return;
        }
        var end = rest.IndexOfAny(isQuery ? " \t\r\n\"'`;,<>)}]|&#" : " \t\r\n\"'`;,<>)}]|");
        if (end < 0) end = rest.Length;
        while (end > 0 && rest[end - 1] is '.' or ':' or '*' or '\\' or '?') end--;
        (Start, Length) = (at, end);
    }

    private static int SkipBlanks(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t') at++;
        return at;
    }
}
