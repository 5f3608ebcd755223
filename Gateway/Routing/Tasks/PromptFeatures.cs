using System.Numerics;

namespace AspireGateway.Gateway.Routing.Tasks;

/// <summary>
/// What the classifier sees of a prompt, as numbers between 0 and 1. For each group of the lexicon: whether it stands in the first three words, in the first 16, in the last 16,
/// how often it stands anywhere, and whether it stands in the system prompt; then some marks of the text's shape. All of it in one pass over the words.
/// </summary>
internal static class PromptFeatures
{
    /// <summary>Numbers for each group.</summary>
    public const int PerGroup = 5;

    private const int StartWords = 3, LeadWords = 16, TailWords = 16, ManyWords = 3;

    /// <summary>Most bytes looked at of the beginning of the user's text; longer ones also have their end looked at.</summary>
    public const int MaxHead = 3072;

    /// <summary>Most bytes looked at of its end.</summary>
    public const int MaxTail = 1024;

    private static readonly string[] Places = ["start", "lead", "tail", "any", "system"];

    private static readonly string[] Shapes =
    [
        "bias", "fence", "code_signs", "line_ends_like_code", "asks", "asks_last", "digits", "math_signs", "words_10", "words_40", "words_200", "colon_then_text",
        "quotes", "lines", "emoji", "turns", "braces",
    ];

    /// <summary>How many numbers there are.</summary>
    public static int Count(Lexicon lexicon) => lexicon.Names.Count * PerGroup + Shapes.Length;

    /// <summary>Names of the numbers, as the weights' file has them.</summary>
    public static IEnumerable<string> Names(Lexicon lexicon)
    {
        foreach (var group in lexicon.Names)
            foreach (var place in Places) yield return $"{group}.{place}";
        foreach (var shape in Shapes) yield return $"shape.{shape}";
    }

    /// <summary>Fills the numbers.</summary>
    /// <param name="lexicon">The groups of words.</param>
    /// <param name="user">The user's text.</param>
    /// <param name="system">The system prompt.</param>
    /// <param name="turns">Messages of the user.</param>
    /// <param name="features">Gets them; as many as <see cref="Count"/>.</param>
    /// <param name="hardWords">How many words of the group <c>hard</c> or <c>reasoning</c> there are.</param>
    public static void Fill(Lexicon lexicon, ReadOnlySpan<byte> user, ReadOnlySpan<byte> system, int turns, Span<float> features, out int hardWords)
    {
        features.Clear();
        Span<byte> counts = stackalloc byte[Lexicon.MaxGroups];
        counts.Clear();
        Span<ulong> recent = stackalloc ulong[TailWords];
        recent.Clear();
        var tailFrom = user.Length > MaxHead + MaxTail ? user.Length - MaxTail : MaxHead;
        var words = Scan(lexicon, user[..Math.Min(user.Length, MaxHead)], features, counts, recent, 0);
        if (user.Length > MaxHead) words = Scan(lexicon, user[tailFrom..], features, counts, recent, words);

        var groups = lexicon.Names.Count;
        if (words > LeadWords)
        {
            ulong tail = 0;
            foreach (var found in recent) tail |= found;
            Mark(features, tail, 2);
        }
        for (var group = 0; group < groups; group++) features[group * PerGroup + 3] = Math.Min((int)counts[group], ManyWords) / (float)ManyWords;
        if (!system.IsEmpty) ScanSystem(lexicon, system, features);
        hardWords = 0;
        for (var group = 0; group < groups; group++)
            if (lexicon.Names[group] is "hard" or "reasoning") hardWords += counts[group];
        FillShape(user, words, turns, features[(groups * PerGroup)..]);
    }

    private static int Scan(Lexicon lexicon, ReadOnlySpan<byte> text, Span<float> features, Span<byte> counts, Span<ulong> recent, int words)
    {
        var scanner = new WordScanner(text);
        ulong before = 0, beforeThat = 0;
        while (scanner.Next())
        {
            var found = Find(lexicon, ref scanner, ref before, ref beforeThat);
            recent[words % TailWords] = found;
            words++;
            if (found == 0) continue;
            if (words <= StartWords) Mark(features, found, 0);
            if (words <= LeadWords) Mark(features, found, 1);
            for (var rest = found; rest != 0; rest &= rest - 1)
            {
                ref var count = ref counts[BitOperations.TrailingZeroCount(rest)];
                if (count < byte.MaxValue) count++;
            }
        }
        return words;
    }

    private static void ScanSystem(Lexicon lexicon, ReadOnlySpan<byte> system, Span<float> features)
    {
        var scanner = new WordScanner(system);
        ulong before = 0, beforeThat = 0, all = 0;
        while (scanner.Next()) all |= Find(lexicon, ref scanner, ref before, ref beforeThat);
        Mark(features, all, 4);
    }

    private static ulong Find(Lexicon lexicon, ref WordScanner scanner, ref ulong before, ref ulong beforeThat)
    {
        var word = scanner.Hash;
        var found = lexicon.GroupsOf(word) | scanner.StemsIn(lexicon);
        if (before != 0) found |= lexicon.GroupsOf(Lexicon.Row(before, word));
        if (beforeThat != 0) found |= lexicon.GroupsOf(Lexicon.Row(beforeThat, word));
        beforeThat = before == 0 ? 0 : Lexicon.Row(before, word);
        before = word;
        return found;
    }

    private static void Mark(Span<float> features, ulong groups, int place)
    {
        for (; groups != 0; groups &= groups - 1) features[BitOperations.TrailingZeroCount(groups) * PerGroup + place] = 1;
    }

    private static void FillShape(ReadOnlySpan<byte> user, int words, int turns, Span<float> shape)
    {
        var text = user.Length > MaxHead + MaxTail ? user[..MaxHead] : user;
        int signs = 0, digits = 0, lines = 1, asks = 0, math = 0, emoji = 0, codeEnds = 0, quotes = 0;
        var previous = (byte)0;
        foreach (var letter in text)
        {
            switch (letter)
            {
                case (byte)'{' or (byte)'}' or (byte)';' or (byte)'(' or (byte)')' or (byte)'<' or (byte)'>' or (byte)'[' or (byte)']' or (byte)'_':
                    signs++;
                    break;
                case >= (byte)'0' and <= (byte)'9':
                    digits++;
                    break;
                case (byte)'=' or (byte)'+' or (byte)'^' or (byte)'%':
                    math++;
                    break;
                case (byte)'?':
                    asks++;
                    break;
                case (byte)'\n':
                    lines++;
                    if (previous is (byte)';' or (byte)'{' or (byte)'}' or (byte)')' or (byte)':') codeEnds++;
                    break;
                case (byte)'"':
                    quotes++;
                    break;
                // The first byte of what is beyond the basic plane: nearly always a pictogram.
                case 0xF0:
                    emoji++;
                    break;
            }
            if (letter is not ((byte)' ' or (byte)'\r')) previous = letter;
        }
        var length = Math.Max(1, text.Length);
        var colon = text[..Math.Min(text.Length, 240)].IndexOfAny((byte)':', (byte)'\n');
        shape[0] = 1;
        shape[1] = text.IndexOf("```"u8) >= 0 ? 1 : 0;
        shape[2] = Math.Min(1, signs * 12f / length);
        shape[3] = Math.Min(1, codeEnds / 2f);
        shape[4] = asks > 0 ? 1 : 0;
        shape[5] = text.TrimEnd(" \n\r\t"u8) is [.., (byte)'?'] ? 1 : 0;
        shape[6] = Math.Min(1, digits * 10f / length);
        shape[7] = Math.Min(1, math / 2f);
        shape[8] = words <= 10 ? 1 : 0;
        shape[9] = words > 40 ? 1 : 0;
        shape[10] = words > 200 ? 1 : 0;
        shape[11] = colon > 0 && text.Length - colon > 40 ? 1 : 0;
        shape[12] = quotes >= 2 ? 1 : 0;
        shape[13] = Math.Min(1, (lines - 1) / 6f);
        shape[14] = emoji > 0 ? 1 : 0;
        shape[15] = Math.Min(1, Math.Max(0, turns - 1) / 3f);
        shape[16] = text.Contains((byte)'{') ? 1 : 0;
    }
}
