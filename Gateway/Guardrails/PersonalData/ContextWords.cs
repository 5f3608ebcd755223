using System.Buffers;

namespace AspireGateway.Gateway.Guardrails.PersonalData;

/// <summary>
/// A group of words, in several languages, beside which a number means what it looks like. Only a bounded window around the candidate is read: <see cref="Before"/>
/// characters and at most one line end before it, <see cref="After"/> characters of the same line behind it.
/// </summary>
internal sealed class ContextWords
{
    /// <summary>Characters of the window before a candidate.</summary>
    public const int Before = 72;

    /// <summary>Characters of the window behind a candidate.</summary>
    public const int After = 28;

    // Shorter words must stand alone; longer ones may go on, as compounds and inflected forms do.
    private const int LongestWhole = 4;

    private const int LabelDistance = 6;

    private readonly Dictionary<char, string[]> byFirst;
    private readonly SearchValues<string> search;

    /// <summary>Makes a group.</summary>
    /// <param name="words">Words or beginnings of words; upper and lower case do not differ.</param>
    public ContextWords(params string[] words)
    {
        byFirst = words.GroupBy(word => char.ToLowerInvariant(word[0])).ToDictionary(group => group.Key, group => group.ToArray());
        search = SearchValues.Create(words, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>How near a word stands: 0 = none, up to 1 = directly before; a word behind counts less than one before.</summary>
    public double Nearness(ReadOnlySpan<char> text, int start, int end)
    {
        var from = Math.Max(0, start - Before);
        var window = text[from..start];
        var lineEnd = window.LastIndexOf('\n');
        if (lineEnd > 0 && window[..lineEnd].LastIndexOf('\n') is >= 0 and var earlier)
        {
            from += earlier + 1;
            window = text[from..start];
        }
        var distance = int.MaxValue;
        for (var at = Next(text, from, start, out var length); at >= 0; at = Next(text, at + length, start, out length)) distance = Math.Max(0, start - (at + length));
        if (distance != int.MaxValue)
        {
            var nearness = 1 - (0.5 * distance / Before);
            // What was said on the line before is mostly of something else, unless it is the label of what follows.
            return distance > LabelDistance && text.Slice(start - distance, distance).Contains('\n') ? nearness * 0.5 : nearness;
        }

        var tail = text[end..Math.Min(text.Length, end + After)];
        if (tail.IndexOf('\n') is >= 0 and var cut) tail = tail[..cut];
        var found = Next(text, end, end + tail.Length, out _);
        return found < 0 ? 0 : 0.5 - (0.25 * (found - end) / After);
    }

    /// <summary>Whether a word of the group is in this stretch, at a word's beginning.</summary>
    public bool IsIn(ReadOnlySpan<char> text, int from, int to) => Next(text, Math.Max(0, from), Math.Min(to, text.Length), out _) >= 0;

    private int Next(ReadOnlySpan<char> text, int from, int to, out int length)
    {
        length = 0;
        while (from < to)
        {
            var at = text[from..to].IndexOfAny(search);
            if (at < 0) return -1;
            at += from;
            if (IsWordStart(text, at))
            {
                foreach (var word in byFirst[char.ToLowerInvariant(text[at])])
                {
                    if (!text[at..to].StartsWith(word, StringComparison.OrdinalIgnoreCase)) continue;
                    if (word.Length <= LongestWhole && at + word.Length < text.Length && GoesOn(text, at + word.Length)) continue;
                    length = Math.Max(length, word.Length);
                }
                if (length > 0) return at;
            }
            from = at + 1;
        }
        return -1;
    }

    private static bool IsWordStart(ReadOnlySpan<char> text, int at) =>
        at == 0 || !char.IsLetter(text[at - 1]) || !char.IsLetter(text[at]) || (char.IsLower(text[at - 1]) && char.IsUpper(text[at]));

    // In camelCase the next capital ends the word.
    private static bool GoesOn(ReadOnlySpan<char> text, int at) => char.IsLetter(text[at]) && !(char.IsUpper(text[at]) && char.IsLower(text[at - 1]));
}
