using AspireGateway.Gateway.Guardrails.Injection.Normalisation;

namespace AspireGateway.Gateway.Guardrails.Injection.Rules;

/// <summary>
/// Words by meaning: a word, a row of two to four words or a beginning of words leads to the set of concepts that have it. Read from a text with a line
/// for each concept: <c>name: word, two words, stem*</c>; a line may go on the one before by beginning with the same name. The concept <c>_</c> holds words
/// that mean nothing by themselves and are only known, so that text without spaces can be cut into words.
/// </summary>
internal sealed class ConceptLexicon : IWordSet
{
    /// <summary>Most concepts.</summary>
    public const int MaxConcepts = 63;

    /// <summary>Shortest and longest beginning of words, in characters.</summary>
    public const int MinStem = 2, MaxStem = 16;

    private const int MaxRow = 4;
    private const ulong KnownOnly = 1UL << 63;

    private readonly List<string> names = [];
    private readonly ulong[] keys;
    private readonly ulong[] values;
    private readonly int mask;

    // For the low six bits of a first letter, the lengths of the beginnings that start with such a letter.
    private readonly uint[] stemLengths = new uint[64];

    private ConceptLexicon(string text)
    {
        var entries = new Dictionary<ulong, ulong>();
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#') continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1) throw new FormatException($"The lexicon's line '{line[..Math.Min(line.Length, 20)]}' has no name.");
            var value = ValueOf(line[..colon].Trim());
            foreach (var entry in line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var key = KeyOf(entry);
                entries[key] = entries.GetValueOrDefault(key) | value;
            }
        }
        var size = 1024;
        while (size < entries.Count * 4) size *= 2;
        (keys, values, mask) = (new ulong[size], new ulong[size], size - 1);
        foreach (var (key, value) in entries)
        {
            var at = SlotOf(key);
            while (keys[at] != 0) at = (at + 1) & mask;
            (keys[at], values[at]) = (key, value);
        }
    }

    /// <summary>Names of the concepts; a concept's place is its bit.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Reads a lexicon's text.</summary>
    /// <exception cref="FormatException">A line has no name, an entry no word or more than four, or there are too many concepts.</exception>
    public static ConceptLexicon Parse(string text) => new(text);

    /// <summary>The bit of a concept.</summary>
    /// <exception cref="FormatException">There is none of this name.</exception>
    public ulong BitOf(string name)
    {
        var index = names.IndexOf(name);
        return index >= 0 ? 1UL << index : throw new FormatException($"The lexicon has no concept '{name}'.");
    }

    /// <inheritdoc/>
    public bool Contains(ulong hash) => ValueAt(hash) != 0 || ValueAt(WordHash.Stem(hash)) != 0;

    /// <inheritdoc/>
    public bool Contains(ReadOnlySpan<char> letters, ulong hash) => ValueAt(hash) != 0 || Stems(letters) != 0;

    /// <summary>The concepts that end with a word: by itself, by its beginning, or as the last of a row.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">Which of its words.</param>
    public ulong ConceptsOf(NormalText text, int index) => ConceptsOf(text, index, out _);

    /// <summary>The concepts that end with a word, and how many words the longest entry of them has.</summary>
    public ulong ConceptsOf(NormalText text, int index, out int rowWords)
    {
        var words = text.Words;
        ref readonly var word = ref words[index];
        var found = ValueAt(word.Hash) | Stems(text.Letters(word));
        rowWords = 1;
        for (var row = 2; row <= MaxRow && row <= index + 1; row++)
        {
            var before = words[index - row + 1].Hash;
            for (var k = index - row + 2; k < index; k++) before = WordHash.Row(before, words[k].Hash);
            if (ValueAt(WordHash.Row(before, word.Hash)) is var value and not 0)
            {
                found |= value;
                if ((value & ~KnownOnly) != 0) rowWords = row;
            }
        }
        return found & ~KnownOnly;
    }

    private ulong Stems(ReadOnlySpan<char> letters)
    {
        var lengths = stemLengths[letters[0] & 63];
        if (lengths == 0) return 0;
        ulong found = 0;
        var hash = WordHash.Empty;
        for (var i = 0; i < letters.Length && i < MaxStem; i++)
        {
            hash = WordHash.Next(hash, letters[i]);
            if ((lengths >> (i + 1) & 1) != 0) found |= ValueAt(WordHash.Stem(hash));
        }
        return found;
    }

    private ulong ValueOf(string name)
    {
        if (name == "_") return KnownOnly;
        var index = names.IndexOf(name);
        if (index < 0)
        {
            if (names.Count == MaxConcepts) throw new FormatException($"The lexicon's concept '{name}' is one too many.");
            index = names.Count;
            names.Add(name);
        }
        return 1UL << index;
    }

    private ulong KeyOf(string entry)
    {
        var isStem = entry[^1] == '*';
        using var text = new NormalText();
        TextNormaliser.Normalise(isStem ? entry[..^1] : entry, text, known: null, decode: false);
        var words = text.Words;
        if (words.Length is 0 or > MaxRow) throw new FormatException($"The lexicon's entry '{entry}' must have one to {MaxRow} words.");
        if (isStem)
        {
            if (words.Length > 1 || words[0].Length is < MinStem or > MaxStem) throw new FormatException($"The lexicon's entry '{entry}' must be one word of {MinStem} to {MaxStem} letters before its star.");
            stemLengths[text.Letters(words[0])[0] & 63] |= 1U << words[0].Length;
            return WordHash.Stem(words[0].Hash);
        }
        var key = words[0].Hash;
        for (var i = 1; i < words.Length; i++) key = WordHash.Row(key, words[i].Hash);
        return key;
    }

    private ulong ValueAt(ulong key)
    {
        var at = SlotOf(key);
        while (true)
        {
            var there = keys[at];
            if (there == key) return values[at];
            if (there == 0) return 0;
            at = (at + 1) & mask;
        }
    }

    private int SlotOf(ulong key) => (int)((key * 0x9E3779B97F4A7C15) >> 40) & mask;
}
