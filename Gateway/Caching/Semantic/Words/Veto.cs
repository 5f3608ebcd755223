namespace AspireGateway.Gateway.Caching.Semantic.Words;

/// <summary>
/// Says whether two questions differ in what a vector hardly shows: "5 mg" and "50 mg", "with" and "without", "Paris to London" and "London to Paris". What is in doubt is a
/// difference: an answer too few is made anew, one too many is wrong.
/// </summary>
internal static class Veto
{
    private const int MostGroups = WordLists.MostGroups, Sides = WordLists.SidesOfALine;

    /// <summary>Compares two questions.</summary>
    /// <param name="asked">The words of the one.</param>
    /// <param name="kept">The words of the other.</param>
    /// <param name="allWords">Whether all words that carry meaning must be in both.</param>
    public static VetoReason Of(ReadOnlySpan<QuestionWord> asked, ReadOnlySpan<QuestionWord> kept, bool allWords)
    {
        if (!AreSame(asked, kept, WordKinds.Number) || !AreSame(asked, kept, WordKinds.Date)) return VetoReason.Numbers;
        if (!AreSame(asked, kept, WordKinds.Quote)) return VetoReason.Quotes;
        if (!HaveSameGroups(asked, kept, WordKinds.Negation)) return VetoReason.Negations;
        if (!HaveSameGroups(asked, kept, WordKinds.Question)) return VetoReason.Questions;
        if (!HaveSameNames(asked, kept)) return VetoReason.Names;
        if (HaveOpposites(asked, kept)) return VetoReason.Opposites;
        if (!allWords) return VetoReason.None;
        return HasWordsOf(asked, kept) && HasWordsOf(kept, asked) && HasPlacesOf(asked, kept) && HasPlacesOf(kept, asked) ? VetoReason.None : VetoReason.Words;
    }

    // The same ones in the same order: "from 5 to 7" is not "from 7 to 5".
    private static bool AreSame(ReadOnlySpan<QuestionWord> asked, ReadOnlySpan<QuestionWord> kept, WordKinds kind)
    {
        var at = 0;
        foreach (ref readonly var word in asked)
        {
            if (!word.Is(kind)) continue;
            at = Next(kept, kind, at);
            if (at == kept.Length || kept[at++].Exact != word.Exact) return false;
        }
        return Next(kept, kind, at) == kept.Length;
    }

    private static int Next(ReadOnlySpan<QuestionWord> words, WordKinds kind, int from)
    {
        while (from < words.Length && !words[from].Is(kind)) from++;
        return from;
    }

    private static bool HaveSameGroups(ReadOnlySpan<QuestionWord> asked, ReadOnlySpan<QuestionWord> kept, WordKinds kind)
    {
        Span<sbyte> counts = stackalloc sbyte[MostGroups];
        counts.Clear();
        foreach (ref readonly var word in asked)
            if (word.Is(kind)) counts[word.Group % MostGroups]++;
        foreach (ref readonly var word in kept)
            if (word.Is(kind)) counts[word.Group % MostGroups]--;
        return counts.IndexOfAnyExcept((sbyte)0) < 0;
    }

    // Who writes a name small means it all the same, so a name of the one may be any word of the other.
    private static bool HaveSameNames(ReadOnlySpan<QuestionWord> asked, ReadOnlySpan<QuestionWord> kept)
    {
        var (i, j) = (0, 0);
        while (true)
        {
            while (i < asked.Length && !IsNameIn(asked[i], kept)) i++;
            while (j < kept.Length && !IsNameIn(kept[j], asked)) j++;
            if (i == asked.Length || j == kept.Length) return i == asked.Length && j == kept.Length;
            if (asked[i++].Exact != kept[j++].Exact) return false;
        }
    }

    private static bool IsNameIn(in QuestionWord word, ReadOnlySpan<QuestionWord> other)
    {
        if (word.Is(WordKinds.Name)) return true;
        if (!word.Is(WordKinds.Content)) return false;
        foreach (ref readonly var one in other)
            if (one.Exact == word.Exact && one.Is(WordKinds.Name)) return true;
        return false;
    }

    // One has more of a side, the other one more of another side of the same line.
    private static bool HaveOpposites(ReadOnlySpan<QuestionWord> asked, ReadOnlySpan<QuestionWord> kept)
    {
        Span<sbyte> counts = stackalloc sbyte[MostGroups];
        counts.Clear();
        foreach (ref readonly var word in asked)
            if (word.Is(WordKinds.Opposite)) counts[word.Group % MostGroups]++;
        foreach (ref readonly var word in kept)
            if (word.Is(WordKinds.Opposite)) counts[word.Group % MostGroups]--;
        for (var line = 0; line < MostGroups; line += Sides)
        {
            var sides = counts.Slice(line, Sides);
            var (more, less) = (false, false);
            foreach (var side in sides) (more, less) = (more || side > 0, less || side < 0);
            if (more && less) return true;
        }
        return false;
    }

    // "from the car to the house" and "from the house to the car" have the same words. Where one has more of such a small word than the other, all of the other's must be there.
    private static bool HasPlacesOf(ReadOnlySpan<QuestionWord> words, ReadOnlySpan<QuestionWord> others)
    {
        for (var i = 0; i < others.Length; i++)
        {
            if (others[i].Kinds != WordKinds.Opposite) continue;
            var (group, stem, mine, theirs, isThere) = (others[i].Group, Following(others, i), 0, 0, false);
            foreach (ref readonly var other in others)
                if (other.Kinds == WordKinds.Opposite && other.Group == group) theirs++;
            for (var j = 0; j < words.Length; j++)
            {
                if (words[j].Kinds != WordKinds.Opposite || words[j].Group != group) continue;
                mine++;
                isThere |= Following(words, j) == stem;
            }
            if (mine >= theirs && !isThere) return false;
        }
        return true;
    }

    private static uint Following(ReadOnlySpan<QuestionWord> words, int place)
    {
        for (var i = place + 1; i < words.Length; i++)
            if (words[i].Is(WordKinds.Content | WordKinds.Number | WordKinds.Date)) return words[i].Stem;
        return 0;
    }

    private static bool HasWordsOf(ReadOnlySpan<QuestionWord> words, ReadOnlySpan<QuestionWord> others)
    {
        foreach (ref readonly var other in others)
        {
            if (!other.Is(WordKinds.Content)) continue;
            var isThere = false;
            foreach (ref readonly var word in words) isThere |= word.Stem == other.Stem;
            if (!isThere) return false;
        }
        return true;
    }
}
