using System.Buffers;

namespace AspireGateway.Gateway.Routing.Rules;

/// <summary>Words and phrases to find in a text, whole and whatever their case; one with a star at its end may go on. Searched for all at once, without an allocation.</summary>
internal sealed class WordSet
{
    private readonly (string Text, bool MayGoOn)[] words;
    private readonly SearchValues<string> all;

    /// <summary>Of words as a person wrote them.</summary>
    public WordSet(IEnumerable<string> words)
    {
        this.words = [.. words.Select(word => word.EndsWith('*') ? (word.TrimEnd('*'), true) : (word, false)).Where(word => word.Item1.Length > 0)];
        all = SearchValues.Create([.. this.words.Select(word => word.Text)], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether one of them stands in the text.</summary>
    public bool AnyIn(ReadOnlySpan<char> text)
    {
        // Where any of them begins, most texts being free of all.
        for (var from = 0; from < text.Length;)
        {
            var at = text[from..].IndexOfAny(all);
            if (at < 0) return false;
            from += at;
            foreach (var word in words)
                if (StandsAt(text, from, word)) return true;
            from++;
        }
        return false;
    }

    /// <summary>Whether all of them stand in the text.</summary>
    public bool AllIn(ReadOnlySpan<char> text)
    {
        foreach (var word in words)
            if (!StandsIn(text, word)) return false;
        return true;
    }

    private static bool StandsIn(ReadOnlySpan<char> text, (string Text, bool MayGoOn) word)
    {
        for (var from = 0; from < text.Length;)
        {
            var at = text[from..].IndexOf(word.Text, StringComparison.OrdinalIgnoreCase);
            if (at < 0) return false;
            from += at;
            if (StandsAt(text, from, word)) return true;
            from++;
        }
        return false;
    }

    private static bool StandsAt(ReadOnlySpan<char> text, int at, (string Text, bool MayGoOn) word)
    {
        if (!text[at..].StartsWith(word.Text, StringComparison.OrdinalIgnoreCase)) return false;
        var end = at + word.Text.Length;
        return (at == 0 || !Joins(text[at - 1], text[at])) && (word.MayGoOn || end == text.Length || !Joins(text[end - 1], text[end]));
    }

    // Languages that are written without blanks have no such ends of words.
    private static bool Joins(char left, char right) => IsOfWord(left) && IsOfWord(right);

    private static bool IsOfWord(char character) => character < '\u2E80' && char.IsLetterOrDigit(character);
}
