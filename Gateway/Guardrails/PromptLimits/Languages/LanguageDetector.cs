namespace AspireGateway.Gateway.Guardrails.PromptLimits.Languages;

/// <summary>
/// Tells a text's language: by its script where that says it, else by its small words, endings and letters. What is fenced as code, and what looks like an address
/// or a name of a program's thing, says nothing. One pass, no memory of its own; for several threads.
/// </summary>
internal static class LanguageDetector
{
    /// <summary>Fewest letters from which a language is told, where several share the script.</summary>
    public const int MinLetters = 20;

    // A sign that is a syllable or a word says more than a letter.
    private const int FewestSigns = 4, FewestOwnLetters = 8, HanWeight = 3;

    // What a word must score on average, all words together, and by how much the first must lead.
    private const float MinDensity = 0.12f, MinScore = 0.9f, MinLead = 0.13f;

    private const int LongestWord = 24;

    /// <summary>Tells it.</summary>
    public static LanguageGuess Detect(ReadOnlySpan<char> text)
    {
        var profiles = LanguageProfiles.Default;
        Span<float> scores = stackalloc float[64];
        Span<int> letters = stackalloc int[Scripts.Count];
        scores.Clear();
        letters.Clear();
        var words = Read(text, profiles, scores, letters);
        return Judge(profiles, scores[..profiles.Languages.Length], letters, words);
    }

    private static int Read(ReadOnlySpan<char> text, LanguageProfiles profiles, Span<float> scores, Span<int> letters)
    {
        Span<char> word = stackalloc char[LongestWord];
        var words = 0;
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == '`')
            {
                at = AfterCode(text, at);
                continue;
            }
            if (!IsLetter(text[at]))
            {
                at++;
                continue;
            }
            var start = at;
            while (at < text.Length && IsLetter(text[at])) at++;
            if (IsOfAProgram(text, start, at)) continue;
            foreach (var c in text[start..at]) letters[(int)Scripts.Of(c)]++;
            words++;
            if (at - start > LongestWord) continue;
            text[start..at].ToLowerInvariant(word);
            profiles.Add(word[..(at - start)], scores);
        }
        return words;
    }

    private static LanguageGuess Judge(LanguageProfiles profiles, ReadOnlySpan<float> scores, Span<int> letters, int words)
    {
        // Japanese is written with both; a few of its own are enough.
        if (letters[(int)Script.Kana] * 8 >= letters[(int)Script.Han] && letters[(int)Script.Kana] > 0)
        {
            letters[(int)Script.Kana] += letters[(int)Script.Han];
            letters[(int)Script.Han] = 0;
        }
        letters[(int)Script.Han] *= HanWeight;
        letters[(int)Script.Kana] *= HanWeight;
        var script = Script.Other;
        for (var i = 0; i < Scripts.Count; i++)
            if (letters[i] > letters[(int)script]) script = (Script)i;
        var count = letters[(int)script];
        if (Scripts.OnlyLanguageOf(script) is { } only)
            return count >= (script is Script.Han or Script.Kana ? FewestSigns * HanWeight : script == Script.Hangul ? FewestSigns : FewestOwnLetters) ? new(only, [only]) : LanguageGuess.Unknown;
        if (count < MinLetters) return LanguageGuess.Unknown;
        var (best, second) = (-1, -1);
        for (var i = 0; i < scores.Length; i++)
        {
            if (best < 0 || scores[i] > scores[best]) (best, second) = (i, best);
            else if (second < 0 || scores[i] > scores[second]) second = i;
        }
        var isProse = scores[best] >= MinScore && scores[best] >= MinDensity * words;
        if (isProse && scores[best] - scores[second] >= MinLead * scores[best]) return new(profiles.Languages[best], [profiles.Languages[best]]);
        // Everybody mixes in words in Latin letters, and languages without a profile are written so.
        return script == Script.Latin ? LanguageGuess.Unknown : new(null, Scripts.LanguagesOf(script));
    }

    // Behind the same number of back quotes; a fence that is never closed is code to the end, a single one that is not closed is a sign.
    private static int AfterCode(ReadOnlySpan<char> text, int at)
    {
        var ticks = text[at..].IndexOfAnyExcept('`');
        if (ticks < 0) return text.Length;
        var inside = text[(at + ticks)..];
        if (ticks < 3)
        {
            var lineEnd = inside.IndexOf('\n');
            if (lineEnd >= 0) inside = inside[..lineEnd];
        }
        var end = inside.IndexOf(text.Slice(at, ticks));
        return end >= 0 ? at + ticks + end + ticks : ticks < 3 ? at + ticks : text.Length;
    }

    private static bool IsOfAProgram(ReadOnlySpan<char> text, int start, int end)
    {
        var before = start > 0 ? text[start - 1] : ' ';
        var after = end < text.Length ? text[end] : ' ';
        if (before is '_' or '@' or '/' or '\\' or '<' or '$' or '#' || char.IsAsciiDigit(before)) return true;
        if (after is '_' or '@' or '/' or '\\' or '(' or '=' or ';' or '{' || char.IsAsciiDigit(after)) return true;
        return after == '.' && end + 1 < text.Length && char.IsLetterOrDigit(text[end + 1]);
    }

    private static bool IsLetter(char c) => char.IsAsciiLetter(c) || (c > 127 && (char.IsLetter(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark));
}
