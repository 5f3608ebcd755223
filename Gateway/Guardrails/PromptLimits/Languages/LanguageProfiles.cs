using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Guardrails.PromptLimits.Languages;

/// <summary>Small words, endings and letters by which languages of one script are told apart, from the file beside this one. What several languages have counts less.</summary>
internal sealed class LanguageProfiles
{
    // An ending is a habit, a small word a rule.
    private const float EndingWeight = 0.35f, LetterWeight = 0.5f;

    private static readonly Lazy<LanguageProfiles> BuiltIn = new(() => new(Resource()));

    private readonly FrozenDictionary<string, Mark>.AlternateLookup<ReadOnlySpan<char>> words, endings;
    private readonly FrozenDictionary<char, Mark> letters;

    private LanguageProfiles(string text)
    {
        var (wordsOf, endingsOf, lettersOf) = (new Dictionary<string, ulong>(StringComparer.Ordinal), new Dictionary<string, ulong>(StringComparer.Ordinal), new Dictionary<char, ulong>());
        var languages = new List<string>();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#') continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 2) throw new FormatException("A line of the profiles of languages names no language.");
            var language = line[..2];
            if (!languages.Contains(language)) languages.Add(language);
            var bit = 1UL << languages.IndexOf(language);
            var values = line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            foreach (var value in values)
            {
                if (line[2] == '~')
                    foreach (var letter in value) lettersOf[letter] = lettersOf.GetValueOrDefault(letter) | bit;
                else if (line[2] == '-') endingsOf[value] = endingsOf.GetValueOrDefault(value) | bit;
                else wordsOf[value] = wordsOf.GetValueOrDefault(value) | bit;
            }
        }
        Languages = [.. languages];
        words = Weighed(wordsOf, 1).GetAlternateLookup<ReadOnlySpan<char>>();
        endings = Weighed(endingsOf, EndingWeight).GetAlternateLookup<ReadOnlySpan<char>>();
        letters = lettersOf.ToFrozenDictionary(pair => pair.Key, pair => Mark.Of(pair.Value, LetterWeight));
    }

    /// <summary>The profiles that the gateway was built with.</summary>
    public static LanguageProfiles Default => BuiltIn.Value;

    /// <summary>Their codes; a score's place is the language's place here. At most 64.</summary>
    public string[] Languages { get; }

    /// <summary>Adds what a word says to the scores.</summary>
    /// <param name="word">The word, in lower case.</param>
    /// <param name="scores">One for each of <see cref="Languages"/>.</param>
    public void Add(ReadOnlySpan<char> word, Span<float> scores)
    {
        if (words.TryGetValue(word, out var mark)) mark.Add(scores);
        else AddEnding(word, scores);
        foreach (var c in word)
            if (c > 127 && letters.TryGetValue(c, out var letter)) letter.Add(scores);
    }

    // The longest that is known, and never the whole word.
    private void AddEnding(ReadOnlySpan<char> word, Span<float> scores)
    {
        for (var length = Math.Min(5, word.Length - 2); length >= 2; length--)
        {
            if (!endings.TryGetValue(word[^length..], out var mark)) continue;
            mark.Add(scores);
            return;
        }
    }

    private static FrozenDictionary<string, Mark> Weighed(Dictionary<string, ulong> values, float weight) =>
        values.ToFrozenDictionary(pair => pair.Key, pair => Mark.Of(pair.Value, weight), StringComparer.Ordinal);

    private static string Resource()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Languages/profiles.txt") ?? throw new InvalidOperationException("The profiles of languages are missing.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Which languages have something, and what it counts for each.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Mark(ulong Languages, float Weight)
    {
        public static Mark Of(ulong languages, float weight) => new(languages, weight / (1 + (0.6f * (System.Numerics.BitOperations.PopCount(languages) - 1))));

        public void Add(Span<float> scores)
        {
            for (var rest = Languages; rest != 0; rest &= rest - 1) scores[System.Numerics.BitOperations.TrailingZeroCount(rest)] += Weight;
        }
    }
}
