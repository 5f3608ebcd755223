namespace AspireGateway.Gateway.Guardrails.Injection.Normalisation;

/// <summary>
/// Puts words together that were taken apart, towards the words of a lexicon: spaced-out letters (<c>i g n o r e</c>), signs within (<c>ig.no.re</c>), digits
/// for letters (<c>1gn0re</c>) and words without spaces (<c>ignoreallrules</c>). A word that is not known stays as it is. Linear: each letter is looked at
/// a bounded number of times.
/// </summary>
internal static class WordRepair
{
    private const int SpacedRun = 4, LongWord = 16, MaxJoined = 24, MaxParts = 4, MaxSegment = 14, MaxPlain = 20, MaxPiece = 1024, SeenBefore = 2;

    /// <summary>Repairs the words of a text.</summary>
    public static void Repair(NormalText text, IWordSet known)
    {
        var words = text.TakeWords(out var count);
        try
        {
            Span<char> letters = stackalloc char[MaxPiece];
            for (var i = 0; i < count;)
            {
                var taken = TakeSpaced(text, words.AsSpan(i, count - i), letters, known);
                if (taken == 0) taken = TakeGlued(text, words.AsSpan(i, count - i), letters, known);
                if (taken == 0) taken = TakeDigits(text, words[i], letters, known);
                if (taken == 0 && words[i].Length is >= LongWord and <= MaxPiece) taken = TakeLong(text, words[i], letters, known);
                if (taken == 0)
                {
                    text.Add(words[i]);
                    taken = 1;
                }
                i += taken;
            }
        }
        finally
        {
            NormalText.GiveBack(words);
        }
    }

    private static int TakeSpaced(NormalText text, ReadOnlySpan<Word> words, Span<char> letters, IWordSet known)
    {
        if (words[0].Length != 1) return 0;
        var run = 1;
        var narrowest = int.MaxValue;
        while (run < words.Length && words[run].Length == 1 && words[run].Start - words[run - 1].End is var gap and <= 4)
        {
            narrowest = Math.Min(narrowest, gap);
            run++;
        }
        if (run < SpacedRun || CharacterFold.KindOf(text.Chars[words[0].Start]) is CharacterKind.Single or CharacterKind.Digit) return 0;
        var separator = text.Chars[words[1].Start - 1];
        // A run can border on a word of one letter, such as "a"; it then joins the first piece, which segmentation tells apart.
        var from = 0;
        for (var i = 1; i <= run; i++)
        {
            if (i < run && i - from < MaxPiece && words[i].Start - words[i - 1].End == narrowest && text.Chars[words[i].Start - 1] == separator && words[i].Break < WordBreak.Line) continue;
            for (var k = from; k < i; k++) letters[k - from] = text.Chars[words[k].Start];
            AddPiece(text, letters[..(i - from)], words[from], words[i - 1].RawEnd, known);
            from = i;
        }
        text.RepairedCount++;
        return run;
    }

    private static int TakeGlued(NormalText text, ReadOnlySpan<Word> words, Span<char> letters, IWordSet known)
    {
        var parts = 1;
        var length = words[0].Length;
        while (parts < words.Length && parts < MaxParts && words[parts].Break == WordBreak.Glued && length + words[parts].Length <= MaxJoined) length += words[parts++].Length;
        for (; parts > 1; length -= words[--parts].Length)
        {
            var at = 0;
            for (var k = 0; k < parts; k++)
            {
                text.Letters(words[k]).CopyTo(letters[at..]);
                at += words[k].Length;
            }
            var hash = WordHash.Of(letters[..at]);
            if (at < 5 || !known.Contains(letters[..at], hash)) continue;
            // A hyphen between whole words is ordinary spelling.
            var isSpelling = text.Chars[words[1].Start - 1] == '-' && words[0].Length > 2;
            AddWhole(text, letters[..at], words[0], words[parts - 1].RawEnd, hash);
            if (!isSpelling) text.RepairedCount++;
            return parts;
        }
        return 0;
    }

    private static int TakeDigits(NormalText text, in Word word, Span<char> letters, IWordSet known)
    {
        if ((word.Traits & WordTraits.DigitsWithin) == WordTraits.None || word.Length is < 3 or > MaxJoined) return 0;
        foreach (var one in "li")
        {
            var source = text.Letters(word);
            for (var i = 0; i < source.Length; i++)
            {
                letters[i] = source[i] switch
                {
                    '0' => 'o',
                    '1' or '!' => one,
                    '3' => 'e',
                    '4' or '@' => 'a',
                    '5' or '$' => 's',
                    '7' => 't',
                    '8' => 'b',
                    var letter => letter,
                };
            }
            var hash = WordHash.Of(letters[..source.Length]);
            // A text that was written so in known words is written so in others too.
            if (!known.Contains(letters[..source.Length], hash) && (text.RepairedCount < SeenBefore || one == 'l')) continue;
            AddWhole(text, letters[..source.Length], word, word.RawEnd, hash);
            text.RepairedCount++;
            return 1;
        }
        return 0;
    }

    private static int TakeLong(NormalText text, in Word word, Span<char> letters, IWordSet known)
    {
        text.Letters(word).CopyTo(letters);
        if ((word.Length <= MaxPlain && known.Contains(letters[..word.Length], word.Hash)) || Segment(null, letters[..word.Length], word, word.RawEnd, known) * 10 < word.Length * 6) return 0;
        Segment(text, letters[..word.Length], word, word.RawEnd, known);
        text.RepairedCount++;
        return 1;
    }

    private static void AddPiece(NormalText text, ReadOnlySpan<char> letters, in Word first, int rawEnd, IWordSet known)
    {
        var hash = WordHash.Of(letters);
        if (letters.Length < 8 || known.Contains(letters, hash) && letters.Length <= MaxSegment) AddWhole(text, letters, first, rawEnd, hash);
        else Segment(text, letters, first, rawEnd, known);
    }

    private static void AddWhole(NormalText text, ReadOnlySpan<char> letters, in Word first, int rawEnd, ulong hash) =>
        text.Add(new(text.Append(letters), letters.Length, first.RawStart, rawEnd, hash, first.Break, WordTraits.Repaired));

    /// <summary>
    /// Cuts letters into known words: the longest behind which another one begins, or else the longest; letters between them make a word too. Without a text
    /// it only counts.
    /// </summary>
    /// <returns>How many letters are in known words.</returns>
    private static int Segment(NormalText? text, ReadOnlySpan<char> letters, in Word first, int rawEnd, IWordSet known)
    {
        var covered = 0;
        var unknownFrom = 0;
        for (var at = 0; at < letters.Length;)
        {
            var longest = LongestAt(letters[at..], known, out var followed);
            if (longest == 0)
            {
                at++;
                continue;
            }
            var taken = followed > 0 ? followed : longest;
            if (at > unknownFrom) AddPart(text, letters, unknownFrom, at, first, rawEnd);
            AddPart(text, letters, at, at + taken, first, rawEnd);
            covered += taken;
            at += taken;
            unknownFrom = at;
        }
        if (unknownFrom < letters.Length) AddPart(text, letters, unknownFrom, letters.Length, first, rawEnd);
        return covered;
    }

    /// <summary>The longest known word that letters begin with, and the longest behind which they end or go on with a known word of three letters or more.</summary>
    private static int LongestAt(ReadOnlySpan<char> letters, IWordSet known, out int followed)
    {
        var longest = 0;
        followed = 0;
        var hash = WordHash.Empty;
        for (var length = 1; length <= MaxSegment && length <= letters.Length; length++)
        {
            hash = WordHash.Next(hash, letters[length - 1]);
            if (length < 2 || !known.Contains(hash)) continue;
            longest = length;
            if (length == letters.Length || BeginsKnown(letters[length..], known)) followed = length;
        }
        return longest;
    }

    private static bool BeginsKnown(ReadOnlySpan<char> letters, IWordSet known)
    {
        var hash = WordHash.Empty;
        for (var length = 1; length <= MaxSegment && length <= letters.Length; length++)
        {
            hash = WordHash.Next(hash, letters[length - 1]);
            if (length >= 3 && known.Contains(hash)) return true;
        }
        return false;
    }

    private static void AddPart(NormalText? text, ReadOnlySpan<char> letters, int from, int to, in Word first, int rawEnd)
    {
        if (text is null) return;
        var part = letters[from..to];
        var lead = from == 0 ? first.Break : WordBreak.Space;
        text.Add(new(text.Append(part), part.Length, first.RawStart, rawEnd, WordHash.Of(part), lead, WordTraits.Repaired));
    }
}
