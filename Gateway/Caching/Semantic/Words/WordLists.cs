using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Caching.Semantic.Words;

/// <summary>
/// What is known of words, from <c>words.txt</c> beside this file. A change of the list changes what rows say of their words, so it asks for another
/// <see cref="QuestionReader.Version"/>.
/// </summary>
internal static class WordLists
{
    /// <summary>Numbers of a line: one for each of its sides. A group divided by it is the line.</summary>
    public const int SidesOfALine = 8;

    /// <summary>No group is as large.</summary>
    public const int MostGroups = 512;

    private static readonly FrozenDictionary<string, KnownWord> Words = Read();
    private static readonly FrozenDictionary<string, KnownWord>.AlternateLookup<ReadOnlySpan<char>> Lookup = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What is known of a folded word.</summary>
    public static bool TryFind(ReadOnlySpan<char> word, out KnownWord known) => Lookup.TryGetValue(word, out known);

    private static FrozenDictionary<string, KnownWord> Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Semantic/words.txt") ?? throw new InvalidOperationException("The list of words is missing.");
        using var reader = new StreamReader(stream);
        var words = new Dictionary<string, KnownWord>(StringComparer.Ordinal);
        var lines = 0;
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var kind = line[..colon];
            // Only lines that are compared by their sides have numbers.
            var group = kind is "not" or "question" or "opposite" or "place" ? ++lines * SidesOfALine : 0;
            if (group >= MostGroups) throw new InvalidOperationException("words.txt has more lines than their numbers have room.");
            foreach (var side in line[(colon + 1)..].Split('|'))
            {
                var all = side.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
                foreach (var word in all) Put(words, word, kind, all[0], (ushort)group);
                if (group > 0) group++;
            }
        }
        return words.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static void Put(Dictionary<string, KnownWord> words, string word, string kind, string means, ushort group)
    {
        var known = words.GetValueOrDefault(word);
        words[word] = kind switch
        {
            "neutral" => known with { IsNeutral = true },
            "number" or "unit" => known with { Kinds = known.Kinds | WordKinds.Number, Means = WordDigest.Of(means) },
            "date" => known with { Kinds = known.Kinds | WordKinds.Date, Means = WordDigest.Of(means) },
            "not" => known with { Kinds = known.Kinds | WordKinds.Negation, Group = group },
            "question" => known with { Kinds = known.Kinds | WordKinds.Question, Group = group },
            "opposite" => known with { Kinds = known.Kinds | WordKinds.Opposite | WordKinds.Content, Group = group },
            // Where somebody stands in a sentence and not what it is about.
            "place" => known with { Kinds = known.Kinds | WordKinds.Opposite, Group = group },
            "name" => known with { Kinds = known.Kinds | WordKinds.Name | WordKinds.Content },
            _ => throw new InvalidOperationException($"words.txt holds a line of an unknown kind: {kind}."),
        };
    }
}

/// <summary>What is known of a word.</summary>
/// <param name="Kinds">What it is.</param>
/// <param name="Group">Its line and side; 0 = none.</param>
/// <param name="Means">What it stands for in a line of numbers, units or dates, as a digest; 0 = itself.</param>
/// <param name="IsNeutral">Whether it says nothing that two questions could differ in.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct KnownWord(WordKinds Kinds, ushort Group, uint Means, bool IsNeutral);
