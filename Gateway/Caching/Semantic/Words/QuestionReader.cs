using System.Buffers;
using AspireGateway.Gateway.Guardrails.Injection.Normalisation;
using AspireGateway.Gateway.Guardrails.PersonalData.Names;

namespace AspireGateway.Gateway.Caching.Semantic.Words;

/// <summary>
/// Cuts a question into words and says what each is good for. One pass: blanks part chunks; a chunk is a quotation, a number with its unit, a code that stands for itself, or
/// words. Where it is in doubt it makes a name or a number of it, because those must be equal.
/// </summary>
internal static class QuestionReader
{
    /// <summary>Grows with every change of what rows say of words: rows of another version are not found any more.</summary>
    public const byte Version = 1;

    private const int LongestWord = 40;

    // What makes a chunk a code: paths, addresses, calls, comparisons.
    private static readonly SearchValues<char> CodeSigns = SearchValues.Create("/@_\\:(){}[]<>=*&^|~+#.");

    private static readonly SearchValues<char> Arithmetic = SearchValues.Create("<>=+*/^%$\u20AC\u00A3\u00A5&|~#\u00D7\u00F7\u2260\u2264\u2265");

    /// <summary>Reads a text; false = it has more words than are compared.</summary>
    /// <param name="text">The text.</param>
    /// <param name="mostWords">Most words.</param>
    /// <param name="into">Gets the words; may hold those of a text before.</param>
    public static bool TryRead(ReadOnlySpan<char> text, int mostWords, QuestionText into)
    {
        var isLoud = IsLoud(text);
        var (begins, quoteEnd) = (true, -1);
        for (var at = 0; at < text.Length;)
        {
            if (into.Count > mostWords) return false;
            var unit = text[at];
            if (char.IsWhiteSpace(unit))
            {
                begins |= unit == '\n';
                at++;
                continue;
            }
            if (at == quoteEnd)
            {
                quoteEnd = -1;
                at++;
                continue;
            }
            if (quoteEnd < at && EndOfQuote(text, at) is > 0 and var end)
            {
                quoteEnd = end;
                var said = text[(at + 1)..end].Trim();
                into.Add(new(WordDigest.Of(said), 0, 0, WordKinds.Quote), default);
                at++;
                continue;
            }
            if (IsIdeograph(unit))
            {
                AddWord(text.Slice(at, 1), begins: true, isLoud: true, into);
                at++;
                continue;
            }
            var length = 1;
            while (at + length < text.Length && !char.IsWhiteSpace(text[at + length]) && !IsIdeograph(text[at + length]) && at + length != quoteEnd && !IsQuote(text[at + length])) length++;
            AddChunk(text.Slice(at, length), ref begins, isLoud, into);
            at += length;
        }
        return into.Count <= mostWords;
    }

    private static void AddChunk(ReadOnlySpan<char> whole, ref bool begins, bool isLoud, QuestionText into)
    {
        var chunk = whole.TrimStart("([{,;:!?\u00BF\u00A1\u2013\u2014\u2022'\u2019*").TrimEnd(")]}.,;:!?-\u2013\u2014\u2026'\u2019\u3002\uFF1F");
        // A minus belongs to its number; other hyphens are marks of lists and pauses.
        if (!chunk.IsEmpty && !IsSignedNumber(chunk)) chunk = chunk.TrimStart('-');
        if (chunk.IsEmpty)
        {
            // "*" is a sign of arithmetic by itself.
            if (whole.SequenceEqual("*") || whole.SequenceEqual("!=")) into.Add(new(WordDigest.Of(whole), 0, 0, WordKinds.Number), default);
        }
        else if (PlaceholderEnd(chunk) == chunk.Length || (!char.IsAsciiDigit(chunk[0]) && HasDigit(chunk) && !IsSignedNumber(chunk)))
        {
            AddCode(chunk, into);
        }
        else if (IsSignedNumber(chunk) || char.IsAsciiDigit(chunk[0]))
        {
            AddNumber(chunk, into);
        }
        else if (!HasLetter(chunk))
        {
            AddSigns(chunk, into);
        }
        else if (chunk.ContainsAny(CodeSigns))
        {
            AddCode(chunk, into);
        }
        else
        {
            foreach (var part in chunk.SplitAny("-,;!?\u2013\u2014\u2026"))
            {
                AddApostrophes(chunk[part], begins, isLoud, into);
                begins = false;
            }
        }
        begins = whole[^1] is '.' or '!' or '?' or ':' or '\u2022' or '\u2026' || (begins && chunk.IsEmpty);
    }

    // "don't" turns round; "user's" and "I'm" say nothing by their ends, "l'eau" and "d'un" nothing by their beginnings.
    private static void AddApostrophes(ReadOnlySpan<char> word, bool begins, bool isLoud, QuestionText into)
    {
        while (!word.IsEmpty)
        {
            var at = word.IndexOfAny('\'', '\u2019');
            if (at < 0)
            {
                AddWord(word, begins, isLoud, into);
                return;
            }
            var rest = word[(at + 1)..];
            if (at > 0 && word[at - 1] is 'n' or 'N' && rest is "t" or "T")
            {
                AddWord("not", begins: true, isLoud, into);
                // "can't" and "won't" are small words without their ends; so are all others.
                return;
            }
            AddWord(word[..at], begins, isLoud, into);
            if (rest.Length <= 2 && rest is "s" or "S" or "m" or "re" or "ve" or "ll" or "d") return;
            word = rest;
            begins = false;
        }
    }

    private static void AddWord(ReadOnlySpan<char> word, bool begins, bool isLoud, QuestionText into)
    {
        if (word.IsEmpty) return;
        Span<char> room = stackalloc char[LongestWord * 2];
        var folded = room[..Fold(word[..Math.Min(word.Length, LongestWord)], room)];
        if (folded.IsEmpty) return;
        var isKnown = WordLists.TryFind(folded, out var known);
        var kinds = known.Kinds;
        if (!isKnown || (kinds == WordKinds.Neutral && !known.IsNeutral)) kinds = WordKinds.Content;
        if (IsName(word, folded, begins, isLoud, known)) kinds |= WordKinds.Name | WordKinds.Content;
        var exact = known.Means != 0 && (kinds & (WordKinds.Number | WordKinds.Date)) != WordKinds.Neutral ? known.Means : WordDigest.Of(folded);
        into.Add(new(exact, known.Means != 0 ? exact : WordDigest.Of(WordStem.Of(folded)), known.Group, kinds), folded);
    }

    private static bool IsName(ReadOnlySpan<char> word, ReadOnlySpan<char> folded, bool begins, bool isLoud, in KnownWord known)
    {
        if (isLoud || !char.IsUpper(word[0])) return false;
        // Months where they are written as such, elsewhere small words.
        if (!begins && folded is "may" or "mai" or "march") return true;
        if (known.IsNeutral || known.Group != 0 || known.Means != 0) return false;
        if (word.Length > 1 && char.IsUpper(word[1])) return true;
        if (!begins) return word.Length > 1;
        var kind = NameLexicon.KindsOf(word);
        return (kind & (NameKinds.Given | NameKinds.Family)) != NameKinds.None && !kind.HasFlag(NameKinds.Common) && folded.Length > 2;
    }

    // "1,000.50", "5kg", "50%", "$5", "2024-01-05", "10:30": the number, then what stands at its end.
    private static void AddNumber(ReadOnlySpan<char> chunk, QuestionText into)
    {
        if (!char.IsAsciiDigit(chunk[0]) && chunk[0] is not ('-' or '+' or '.'))
        {
            AddUnit(chunk[..1], into);
            chunk = chunk[1..];
        }
        var length = chunk.LastIndexOfAnyInRange('0', '9') + 1;
        var end = chunk[length..];
        var digits = chunk[..length];
        Span<char> plain = stackalloc char[Math.Min(length, LongestWord)];
        var count = 0;
        for (var i = 0; i < length && count < plain.Length; i++)
        {
            // Marks of thousands: a comma or an apostrophe before exactly three digits. A point stays, because it may as well begin a fraction.
            if (digits[i] is ',' or '\'' or '\u2019' && IsThousands(digits, i)) continue;
            plain[count++] = digits[i];
        }
        into.Add(new(WordDigest.Of(plain[..count]), WordDigest.Of(plain[..count]), 0, WordKinds.Number), plain[..count]);
        if (!end.IsEmpty) AddUnit(end, into);
    }

    private static bool IsThousands(ReadOnlySpan<char> digits, int at)
    {
        if (at + 3 >= digits.Length) return false;
        for (var i = at + 1; i <= at + 3; i++)
            if (!char.IsAsciiDigit(digits[i])) return false;
        return at + 4 >= digits.Length || !char.IsAsciiDigit(digits[at + 4]);
    }

    private static void AddUnit(ReadOnlySpan<char> unit, QuestionText into)
    {
        Span<char> room = stackalloc char[LongestWord * 2];
        var cut = unit[..Math.Min(unit.Length, LongestWord)];
        var folded = room[..Fold(cut, room)];
        var digest = folded.IsEmpty ? WordLists.TryFind(cut, out var sign) ? sign.Means : WordDigest.Of(cut)
            : WordLists.TryFind(folded, out var known) && known.Means != 0 ? known.Means : WordDigest.Of(folded);
        into.Add(new(digest, digest, 0, WordKinds.Number), folded);
    }

    private static void AddSigns(ReadOnlySpan<char> chunk, QuestionText into)
    {
        if (chunk.ContainsAny(Arithmetic)) AddUnit(chunk, into);
    }

    private static void AddCode(ReadOnlySpan<char> chunk, QuestionText into)
    {
        // As it stands: "a.b" and "A.b" may be two things.
        var digest = WordDigest.Of(chunk);
        into.Add(new(digest, digest, 0, WordKinds.Name | WordKinds.Content), chunk);
    }

    private static bool IsSignedNumber(ReadOnlySpan<char> chunk) =>
        chunk.Length > 1 && char.IsAsciiDigit(chunk[1]) && (chunk[0] is '-' or '+' or '.' or '$' or '\u20AC' or '\u00A3' or '\u00A5' or '#' or '~');

    private static int PlaceholderEnd(ReadOnlySpan<char> chunk) => chunk[0] == '<' && chunk[^1] == '>' ? chunk.Length : 0;

    private static bool HasDigit(ReadOnlySpan<char> chunk) => chunk.IndexOfAnyInRange('0', '9') >= 0;

    private static bool HasLetter(ReadOnlySpan<char> chunk)
    {
        foreach (var unit in chunk)
            if (char.IsLetter(unit) || char.IsSurrogate(unit)) return true;
        return false;
    }

    private static bool IsQuote(char unit) => unit is '"' or '\u201C' or '\u201D' or '\u201E' or '\u00AB' or '\u00BB' or '`';

    private static int EndOfQuote(ReadOnlySpan<char> text, int at)
    {
        var end = text[at] switch { '"' => '"', '\u201C' => '\u201D', '\u201E' => '\u201C', '\u00AB' => '\u00BB', '`' => '`', _ => '\0' };
        if (end == '\0') return IsQuote(text[at]) ? -1 : 0;
        var length = text[(at + 1)..].IndexOf(end);
        return length <= 0 ? -1 : at + 1 + length;
    }

    private static bool IsIdeograph(char unit) => unit is >= '\u3040' and <= '\u9FFF' or >= '\uAC00' and <= '\uD7A3';

    // Who writes everything in capitals names nothing by them.
    private static bool IsLoud(ReadOnlySpan<char> text)
    {
        var (upper, lower) = (0, 0);
        foreach (var unit in text)
        {
            if (char.IsUpper(unit)) upper++;
            else if (char.IsLower(unit)) lower++;
        }
        return upper > lower;
    }

    private static int Fold(ReadOnlySpan<char> word, Span<char> into)
    {
        var length = 0;
        foreach (var unit in word)
        {
            if (unit == '\u00DF') into[length++] = 's';
            var plain = CharacterFold.Fold(unit);
            if (char.IsLetterOrDigit(plain) || char.IsSurrogate(unit)) into[length++] = char.IsSurrogate(unit) ? unit : plain;
        }
        return length;
    }
}
