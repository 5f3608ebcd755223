namespace AspireGateway.Gateway.Guardrails.PersonalData.Names;

/// <summary>
/// Words with capitals that follow one another on a line with a blank between them, and the small words inside names: <c>Dr. Anna van der Meer</c>. At most
/// <see cref="MaxWords"/> words; the rest of a longer row is a phrase of its own.
/// </summary>
internal ref struct Phrase(Span<PhraseWord> words)
{
    /// <summary>Most words of one phrase.</summary>
    public const int MaxWords = 12;

    private const int LongestWord = 40;

    private readonly Span<PhraseWord> words = words;

    /// <summary>How many words.</summary>
    public int Count { get; private set; }

    /// <summary>A word.</summary>
    public readonly ref readonly PhraseWord this[int index] => ref words[index];

    /// <summary>The place after the last word.</summary>
    public readonly int End => words[Count - 1].End;

    /// <summary>Reads the phrase that begins with the capital at <paramref name="start"/>.</summary>
    public void Read(ReadOnlySpan<char> text, int start)
    {
        Count = 0;
        var at = start;
        while (Count < MaxWords)
        {
            var end = WordEnd(text, at);
            if (end == at) break;
            var word = text[at..end];
            var kinds = NameLexicon.KindsOf(word);
            var capital = char.IsUpper(word[0]);
            if (!capital && !((kinds & NameKinds.Particle) != NameKinds.None && Count > 0 && CapitalFollows(text, end))) break;
            if (!capital) kinds = NameKinds.Particle;
            else if (HasInnerCapital(word) || word.ContainsAnyInRange('0', '9')) kinds = NameKinds.Common;
            var dotted = end < text.Length && text[end] == '.' && ((kinds & NameKinds.Title) != NameKinds.None || ((kinds & NameKinds.Initial) != NameKinds.None && word.Length == 1) || (word.Length <= 2 && kinds == NameKinds.None));
            words[Count++] = new(at, dotted ? end + 1 : end, kinds, capital && word.Length > 1 && IsUpper(word));
            at = dotted ? end + 1 : end;
            // J.R.R. has no blanks.
            if (dotted && at < text.Length && char.IsUpper(text[at])) continue;
            if (at >= text.Length || !(text[at] is ' ' or '\u00A0')) break;
            at++;
        }
        while (Count > 1 && !char.IsUpper(text[words[Count - 1].Start])) Count--;
    }

    private static bool CapitalFollows(ReadOnlySpan<char> text, int at)
    {
        for (var small = 0; small < 2; small++)
        {
            if (at + 1 >= text.Length || text[at] != ' ') return false;
            if (char.IsUpper(text[at + 1])) return true;
            var end = WordEnd(text, at + 1);
            if ((NameLexicon.KindsOf(text[(at + 1)..end]) & NameKinds.Particle) == NameKinds.None) return false;
            at = end;
        }
        return at + 1 < text.Length && text[at] == ' ' && char.IsUpper(text[at + 1]);
    }

    private static int WordEnd(ReadOnlySpan<char> text, int at)
    {
        var end = at;
        while (end < text.Length && end - at < LongestWord)
        {
            var c = text[end];
            if (char.IsLetterOrDigit(c)) end++;
            else if (c is '\'' or '’' or '-' && end > at && end + 1 < text.Length && char.IsLetter(text[end + 1]) && char.IsLetter(text[end - 1])) end++;
            else break;
        }
        // A possessive belongs to the sentence.
        if (end - at > 2 && text[end - 1] == 's' && text[end - 2] is '\'' or '’') end -= 2;
        return end;
    }

    private static bool IsUpper(ReadOnlySpan<char> word)
    {
        foreach (var c in word)
            if (char.IsLower(c)) return false;
        return true;
    }

    // StringBuilder is code; McDonald, DeLuca and Jean-Pierre are names.
    private static bool HasInnerCapital(ReadOnlySpan<char> word)
    {
        for (var i = 2; i < word.Length; i++)
        {
            if (!char.IsUpper(word[i]) || !char.IsLower(word[i - 1])) continue;
            if (!(word.StartsWith("Mc") && i == 2 || word.StartsWith("Mac") && i == 3 || word.StartsWith("De") && i == 2 || word.StartsWith("Di") && i == 2 || word.StartsWith("La") && i == 2 || word.StartsWith("Le") && i == 2 || word.StartsWith("Van") && i == 3 || word.StartsWith("Fitz") && i == 4)) return true;
        }
        return false;
    }
}
