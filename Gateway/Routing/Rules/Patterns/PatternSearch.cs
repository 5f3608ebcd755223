using System.Buffers;

namespace AspireGateway.Gateway.Routing.Rules.Patterns;

/// <summary>
/// Matches one prompt against an organisation's patterns, each once at most. One search for what their matches must hold tells most prompts from all of them; an expression is run
/// only where all that it needs is there. The thread's own, valid until the same thread begins another prompt; allocates nothing once it is as large as the largest set.
/// </summary>
internal sealed class PatternSearch
{
    // Of these an expression says that they are equal to an ASCII letter where a search does not, or may come to say so.
    private static readonly SearchValues<char> Odd = SearchValues.Create("\u0130\u0131\u017F\u212A\u212B");

    [ThreadStatic]
    private static PatternSearch? mine;

    private Known[] known = [];
    private bool isLookedAt, isOdd;
    private int first;

    private enum Known : byte
    {
        Nothing,
        Matches,
        DoesNot,
    }

    /// <summary>The thread's own, knowing nothing of a new prompt.</summary>
    public static PatternSearch Fresh(PatternSet set)
    {
        var search = mine ??= new PatternSearch();
        if (search.known.Length < set.Patterns.Length) search.known = new Known[set.Patterns.Length];
        search.known.AsSpan(0, set.Patterns.Length).Clear();
        (search.isLookedAt, search.isOdd, search.first) = (false, false, -1);
        return search;
    }

    /// <summary>Whether a pattern matches in a text, the same text each time.</summary>
    public bool Matches(PatternSet set, int place, ReadOnlySpan<char> text)
    {
        if (known[place] == Known.Nothing) known[place] = Find(set, set.Patterns[place], text) ? Known.Matches : Known.DoesNot;
        return known[place] == Known.Matches;
    }

    private bool Find(PatternSet set, Pattern pattern, ReadOnlySpan<char> text)
    {
        if (!isLookedAt)
        {
            isOdd = text.ContainsAny(Odd);
            first = set.Anchors is null ? -1 : text.IndexOfAny(set.Anchors);
            isLookedAt = true;
        }
        return (isOdd || MayMatch(pattern, text)) && pattern.Regex.IsMatch(text);
    }

    private bool MayMatch(Pattern pattern, ReadOnlySpan<char> text)
    {
        if (pattern.Anchor.Length > 0 && (first < 0 || !HasOneOf(text[first..], pattern.Anchor))) return false;
        foreach (var choices in pattern.Others)
            if (!HasOneOf(text, choices)) return false;
        return true;
    }

    private static bool HasOneOf(ReadOnlySpan<char> text, string[] choices)
    {
        foreach (var choice in choices)
            if (text.Contains(choice, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
