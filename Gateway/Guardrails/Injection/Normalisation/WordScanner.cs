namespace AspireGateway.Gateway.Guardrails.Injection.Normalisation;

/// <summary>
/// Finds the words of a folded text. Letters and digits make a word; a Chinese character or a hiragana is one by itself. An apostrophe before one or two
/// last letters belongs to the word (<c>don't</c>, <c>you're</c>), <c>@</c>, <c>$</c> and <c>!</c> between letters stand for a letter.
/// </summary>
internal static class WordScanner
{
    private const int LongWord = 16, SpacedRun = 4;

    /// <summary>Adds the words of the text's characters.</summary>
    /// <param name="text">Holds the characters and gets the words.</param>
    /// <param name="origins">For each character where it came from, and one more for the end; empty where places are the same.</param>
    public static void Scan(NormalText text, ReadOnlySpan<int> origins)
    {
        var chars = text.Buffer[..text.Length];
        var gap = WordBreak.Sentence;
        var gapSigns = 0;
        var lastSign = '\n';
        var singles = 0;
        var at = 0;
        while (at < chars.Length)
        {
            var kind = CharacterFold.KindOf(chars[at]);
            if (kind == CharacterKind.Gap)
            {
                gap = Widen(gap, chars[at], ref gapSigns, ref lastSign);
                at++;
                continue;
            }
            var start = at;
            var hash = WordHash.Empty;
            var seen = 0;
            if (kind == CharacterKind.Single) hash = WordHash.Next(hash, chars[at++]);
            else at = TakeWord(chars, start, kind == CharacterKind.Katakana, ref hash, ref seen);
            var traits = WordTraits.None;
            const int Latin = 1 << (int)CharacterKind.Latin, Lookalike = 1 << (int)CharacterKind.Lookalike, Digit = 1 << (int)CharacterKind.Digit;
            if ((seen & (Latin | Lookalike)) == (Latin | Lookalike))
            {
                foreach (ref var letter in chars[start..at]) letter = CharacterFold.Latin(letter);
                hash = WordHash.Of(chars[start..at]);
                traits |= WordTraits.MixedAlphabets;
                text.MixedCount++;
            }
            if ((seen & Digit) != 0 && (seen & Latin) != 0)
            {
                traits |= WordTraits.DigitsWithin;
                text.NeedsRepair = true;
            }
            singles = at - start == 1 && kind == CharacterKind.Latin ? singles + 1 : 0;
            if (singles >= SpacedRun || at - start >= LongWord) text.NeedsRepair = true;
            if (gap == WordBreak.Glued)
            {
                if (gapSigns != 1) gap = WordBreak.Sign;
                else if (kind == CharacterKind.Latin) text.NeedsRepair = true;
            }
            var rawEnd = origins.IsEmpty ? at : origins[at];
            text.Add(new(start, at - start, origins.IsEmpty ? start : origins[start], rawEnd, hash, gap, traits));
            (gap, gapSigns) = (WordBreak.Space, 0);
        }
    }

    private static int TakeWord(ReadOnlySpan<char> chars, int at, bool isKatakana, ref ulong hash, ref int seen)
    {
        while (at < chars.Length)
        {
            var letter = chars[at];
            var kind = CharacterFold.KindOf(letter);
            if (kind is CharacterKind.Single || (kind == CharacterKind.Katakana) != isKatakana) break;
            if (kind == CharacterKind.Gap)
            {
                if (letter == '\'' && EndsSoon(chars, at + 1))
                {
                    at++;
                    continue;
                }
                if (letter is not ('@' or '$' or '!') || !IsLatin(chars, at - 1) || !IsLatin(chars, at + 1)) break;
                kind = CharacterKind.Digit;
            }
            seen |= 1 << (int)kind;
            hash = WordHash.Next(hash, letter);
            at++;
        }
        return at;
    }

    private static bool IsLatin(ReadOnlySpan<char> chars, int at) => at >= 0 && at < chars.Length && CharacterFold.KindOf(chars[at]) is CharacterKind.Latin or CharacterKind.Digit;

    private static bool EndsSoon(ReadOnlySpan<char> chars, int at)
    {
        if (!IsLatin(chars, at)) return false;
        return !IsLatin(chars, at + 1) || !IsLatin(chars, at + 2);
    }

    private static WordBreak Widen(WordBreak gap, char sign, ref int signs, ref char lastSign)
    {
        var before = lastSign;
        lastSign = sign;
        switch (sign)
        {
            case ' ' or '\t' or '\r':
                // A point ends a sentence only before white space.
                return gap == WordBreak.Glued ? before == '.' ? WordBreak.Sentence : WordBreak.Sign : gap;
            case '\n':
                return gap >= WordBreak.Line || before == '.' ? WordBreak.Sentence : WordBreak.Line;
            case '?' or ';':
                signs++;
                return WordBreak.Sentence;
            default:
                signs++;
                if (gap == WordBreak.Space && signs == 1) return WordBreak.Glued;
                return gap < WordBreak.Sign ? WordBreak.Sign : gap;
        }
    }
}
