using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace AspireGateway.Gateway.Guardrails.PersonalData.Names;

/// <summary>The gazetteer: given and family names, common words, titles and particles, from the lists beside this file. Words are also known without their accents.</summary>
internal static class NameLexicon
{
    private const int LongestWord = 24, LeastEnding = 6;

    private static readonly string[] Titles =
    [
        "mr", "mrs", "ms", "mx", "miss", "dr", "prof", "professor", "sir", "madam", "rev", "capt", "sgt", "lt", "hon", "herr", "herrn", "frau", "fr", "monsieur", "madame", "mme", "mlle", "m", "mademoiselle", "maître", "señor", "señora", "señorita", "sr", "sra", "srta", "don", "doña", "dña",
        "signor", "signora", "signore", "sig", "sigra", "dott", "dottssa", "dottor", "dottoressa", "avv", "ing", "pan", "pani", "pana", "panu", "panią", "dhr", "mevr", "mw", "mevrouw", "meneer", "drs", "ir", "senhor", "senhora", "dra", "shri", "smt", "sri", "kumari", "uncle", "aunt", "auntie", "grandma", "grandpa", "tante", "onkel", "oncle", "tía", "tío", "zio", "zia", "oom", "docteur", "familie", "famille", "familia", "famiglia", "detective", "nurse", "officer", "judge", "senator", "doktor",
    ];

    private static readonly string[] Particles = ["de", "da", "do", "dos", "das", "del", "della", "dello", "di", "du", "des", "la", "le", "van", "von", "der", "den", "ter", "ten", "te", "het", "'t", "zu", "zur", "vom", "bin", "binti", "al", "el", "ibn", "y", "e", "i"];

    // Of Polish, German, Iberian, Nordic, English, Italian, Dutch, Armenian, Greek, Balkan, Russian, French and Indian family names.
    private static readonly string[] Endings =
    [
        "ski", "ska", "cki", "cka", "dzki", "wicz", "czyk", "czak", "czuk", "enko", "mann", "berg", "stein", "bauer", "meier", "meyer", "maier", "hofer", "hoff", "schmidt", "inger", "dorf", "ez", "sson", "sen", "son", "stad", "quist", "ström", "ini", "elli", "etti", "otti", "ucci", "azzi", "acci", "oni", "aldi", "ardi", "olo", "stra", "sma", "dijk", "veld", "huis", "kamp", "mans", "oven", "inck",
        "ian", "yan", "poulos", "akis", "idis", "vić", "vic", "ević", "ović", "ova", "ov", "ev", "eva", "in", "eau", "ault", "ard", "ier", "oux", "ert", "walla", "wala", "kar", "murthy", "swamy", "nathan", "raman", "aswamy", "gaard", "worth", "ford", "ton", "ley", "well", "field", "wood", "more", "eira", "ães", "ões",
    ];

    private static readonly FrozenDictionary<string, NameKinds> Words = Load();
    private static readonly FrozenDictionary<string, NameKinds>.AlternateLookup<ReadOnlySpan<char>> Lookup = Words.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>What is known of a word, however it is written.</summary>
    public static NameKinds KindsOf(ReadOnlySpan<char> word)
    {
        if (word.Length is 0 or > LongestWord) return NameKinds.Common;
        if (word.Length == 1) return NameKinds.Initial | (Lookup.TryGetValue(word, out var one) ? one & (NameKinds.Particle | NameKinds.Title | NameKinds.Common) : NameKinds.None);
        if (Lookup.TryGetValue(word, out var kinds)) return kinds;
        // Both names of a double one count; the first decides.
        var hyphen = word.IndexOf('-');
        if (hyphen > 1 && hyphen < word.Length - 2) return (KindsOf(word[..hyphen]) & ~(NameKinds.Particle | NameKinds.Title)) | (KindsOf(word[(hyphen + 1)..]) & (NameKinds.Given | NameKinds.Family));
        if (word.EndsWith("'s") || word.EndsWith("’s")) return KindsOf(word[..^2]);
        return HasFamilyEnding(word) ? NameKinds.FamilyEnding : NameKinds.None;
    }

    private static bool HasFamilyEnding(ReadOnlySpan<char> word)
    {
        if (word.StartsWith("Mc") || word.StartsWith("O'") || word.StartsWith("O’")) return word.Length > 4;
        if (word.Length < LeastEnding) return false;
        foreach (var ending in Endings)
            if (ending.Length > 2 && word.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    private static FrozenDictionary<string, NameKinds> Load()
    {
        var words = new Dictionary<string, NameKinds>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in Read("given-names")) Put(words, name, NameKinds.Given);
        foreach (var name in Read("family-names"))
            foreach (var part in name.Split(' '))
                if (Array.IndexOf(Particles, part) < 0) Put(words, part, NameKinds.Family);
        foreach (var word in Read("common-words")) Put(words, word, NameKinds.Common);
        foreach (var title in Titles) Put(words, title, NameKinds.Title);
        foreach (var particle in Particles) Put(words, particle, NameKinds.Particle);
        return words.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    private static void Put(Dictionary<string, NameKinds> words, string word, NameKinds kind)
    {
        words[word] = words.GetValueOrDefault(word) | kind;
        var plain = WithoutAccents(word);
        if (plain != word && kind != NameKinds.Common) words[plain] = words.GetValueOrDefault(plain) | kind;
    }

    private static string WithoutAccents(string word)
    {
        var plain = new StringBuilder();
        foreach (var c in word.Replace('ł', 'l').Replace('Ł', 'L').Replace("ß", "ss", StringComparison.Ordinal).Normalize(NormalizationForm.FormD))
            if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark) plain.Append(c);
        return plain.ToString();
    }

    private static IEnumerable<string> Read(string list)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Names/" + list) ?? throw new InvalidOperationException($"The resource {list} is missing.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            foreach (var word in line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) yield return word;
        }
    }
}
