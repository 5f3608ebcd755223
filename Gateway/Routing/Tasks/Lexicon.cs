using System.Text;

namespace AspireGateway.Gateway.Routing.Tasks;

/// <summary>
/// Groups of words by hash: a word, a row of two or three words, or a beginning of words leads to the set of groups that have it. 64 bits of FNV-1a stand for a word; that
/// two of some 10^6 words in use meet has a chance of less than 10^-7.
/// </summary>
internal sealed class Lexicon
{
    /// <summary>Most groups.</summary>
    public const int MaxGroups = 64;

    /// <summary>Shortest beginning of words, in bytes.</summary>
    public const int MinStem = 3;

    private const ulong Offset = 14695981039346656037, Prime = 1099511628211;
    private const ulong StemSalt = 0x9E3779B97F4A7C15, RowSalt = 0xBF58476D1CE4E5B9;

    private readonly ulong[] keys;
    private readonly ulong[] groups;
    private readonly int mask;

    private Lexicon(IReadOnlyList<string> names, Dictionary<ulong, ulong> entries)
    {
        Names = names;
        var size = 1024;
        while (size < entries.Count * 4) size *= 2;
        (keys, groups, mask) = (new ulong[size], new ulong[size], size - 1);
        foreach (var (key, value) in entries)
        {
            var at = SlotOf(key);
            while (keys[at] != 0) at = (at + 1) & mask;
            (keys[at], groups[at]) = (key, value);
        }
    }

    /// <summary>Names of the groups; a group's place is its bit.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The hash of no letters.</summary>
    public static ulong Empty => Offset;

    /// <summary>The hash with one more byte.</summary>
    public static ulong Next(ulong hash, byte letter) => (hash ^ letter) * Prime;

    /// <summary>The key of the words that begin so.</summary>
    public static ulong Stem(ulong hash) => hash ^ StemSalt;

    /// <summary>The key of a row whose last word is given.</summary>
    public static ulong Row(ulong before, ulong last) => (((before << 13) | (before >> 51)) ^ last) * RowSalt;

    /// <summary>The groups of a key; 0 = none.</summary>
    public ulong GroupsOf(ulong key)
    {
        var at = SlotOf(key);
        while (true)
        {
            var there = keys[at];
            if (there == key) return groups[at];
            if (there == 0) return 0;
            at = (at + 1) & mask;
        }
    }

    /// <summary>Reads the file's text.</summary>
    /// <exception cref="FormatException">A line has no name, or an entry more than three words, or there are too many groups.</exception>
    public static Lexicon Parse(string text)
    {
        var names = new List<string>();
        var entries = new Dictionary<ulong, ulong>();
        Span<ulong> words = stackalloc ulong[4];
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#') continue;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon < 1 || names.Count == MaxGroups) throw new FormatException($"The lexicon's line '{line[..Math.Min(line.Length, 20)]}' has no name, or is one too many.");
            var bit = 1UL << names.Count;
            names.Add(line[..colon]);
            foreach (var entry in line[(colon + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var isStem = entry[^1] == '*';
                var scanner = new WordScanner(Encoding.UTF8.GetBytes(isStem ? entry[..^1] : entry));
                var count = 0;
                while (scanner.Next())
                {
                    if (count == 3) throw new FormatException($"The lexicon's entry '{entry}' has more than three words.");
                    words[count++] = scanner.Hash;
                }
                if (isStem && (count != 1 || entry.Length <= MinStem)) throw new FormatException($"The lexicon's entry '{entry}' must be one word of at least {MinStem} letters before its star.");
                if (count == 0) throw new FormatException($"The lexicon's entry '{entry}' holds no word.");
                var last = isStem ? Stem(words[count - 1]) : words[count - 1];
                var key = count switch { 1 => last, 2 => Row(words[0], last), _ => Row(Row(words[0], words[1]), last) };
                entries[key] = entries.GetValueOrDefault(key) | bit;
            }
        }
        return new(names, entries);
    }

    private int SlotOf(ulong key) => (int)((key * RowSalt) >> 40) & mask;
}
