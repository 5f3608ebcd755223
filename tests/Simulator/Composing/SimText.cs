using System.Text;

namespace AspireGateway.Simulator.Composing;

/// <summary>The simulator's prose: short, natural, and always the same for the same question.</summary>
internal static class SimText
{
    private const int BytesPerToken = 4;
    private const int LongestPiece = 24;
    private const int EchoedWords = 8;
    private const uint FnvOffset = 2166136261;
    private const uint FnvPrime = 16777619;

    /// <summary>Of a length that divides by three, so that base64 keeps it recognisable.</summary>
    private const string SignaturePrefix = "simulated-signature::";

    private static readonly string[] Openers =
    [
        "Good question.", "Happy to help.", "Here is a short answer.", "Let me sum it up.",
        "In brief:", "That comes up often.", "Certainly.", "Let us take it step by step.",
    ];

    private static readonly string[] Bodies =
    [
        "Start with the smallest part that works, measure it, and grow from there.",
        "Two things matter most: a clear goal, and a way to tell when it is reached.",
        "The usual approach is to write down what must stay true and to check it at every step.",
        "Most of the effort goes into the exceptions, so list them before you begin.",
        "Keep what changes often apart from what rarely changes.",
        "A simple rule that everybody follows beats a perfect one that nobody remembers.",
        "Look at real examples first; they settle more questions than opinions do.",
        "It depends on the load, but for most teams the plain solution is fast enough.",
    ];

    private static readonly string[] Closers =
    [
        "Tell me more about your case and I can be more specific.", "I can go into detail where you like.",
        "Would an example help?", "Ask again if something is unclear.",
        "That should cover the main point.", "Does that answer it?", "The rest follows from there.", "Shall I continue?",
    ];

    /// <summary>About four bytes of UTF-8 make a token; no text, no token.</summary>
    public static int Tokens(string text) => (Encoding.UTF8.GetByteCount(text) + BytesPerToken - 1) / BytesPerToken;

    /// <summary>The longest beginning of a text that has at most so many tokens and cuts no character in two.</summary>
    public static string Truncate(string text, int tokens)
    {
        var bytes = 0L;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            bytes += rune.Utf8SequenceLength;
            if (bytes > (long)tokens * BytesPerToken) break;
            length += rune.Utf16SequenceLength;
        }

        return text[..length];
    }

    /// <summary>Two to four sentences that take up the prompt's first words.</summary>
    public static string Reply(string prompt, int variant)
    {
        var hash = Hash(prompt) + (uint)variant * FnvPrime;
        var words = prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var echo = words.Length == 0
            ? ""
            : $" You asked about \"{string.Join(' ', words.Take(EchoedWords))}{(words.Length > EchoedWords ? " ..." : "")}\".";
        return $"{Openers[hash % 8]}{echo} {Bodies[(hash >> 8) % 8]} {Closers[(hash >> 16) % 8]}";
    }

    /// <summary>What a model says before it calls a tool.</summary>
    public const string BeforeCall = "Let me look that up first.";

    /// <summary>What a model thinks before it answers.</summary>
    public static string Thought(string prompt)
    {
        var words = prompt.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return $"They ask about \"{string.Join(' ', words.Take(EchoedWords))}\". {Bodies[Hash(prompt) % 8]} So I will keep the answer short.";
    }

    /// <summary>Proves that a thought came from this simulator unchanged; another one is refused when it is sent back.</summary>
    public static string Signature(string thought) =>
        Convert.ToBase64String(Encoding.UTF8.GetBytes($"{SignaturePrefix}{Hash(thought):x8}:{thought.Length}"));

    /// <summary>True for a signature of this simulator, whatever the thought.</summary>
    public static bool IsSignature(string text) =>
        text.StartsWith(Convert.ToBase64String(Encoding.UTF8.GetBytes(SignaturePrefix)), StringComparison.Ordinal);

    /// <summary>Words without meaning, exactly so many bytes.</summary>
    public static string Filler(int bytes)
    {
        const string words = "lorem ipsum dolor sit amet consetetur sadipscing elitr ";
        return string.Create(bytes, 0, static (span, _) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = words[i % words.Length];
        });
    }

    /// <summary>Cuts a text into pieces of about a word, leading blanks kept, so that their sum is the text.</summary>
    public static List<string> Pieces(string text)
    {
        var pieces = new List<string>();
        for (var start = 0; start < text.Length;)
        {
            var next = text.IndexOf(' ', start + 1);
            var end = Math.Min(next < 0 ? text.Length : next, start + LongestPiece);
            pieces.Add(text[start..(end = WholeCharacter(text, end))]);
            start = end;
        }

        return pieces;
    }

    /// <summary>Cuts a text into exactly so many pieces; a text that is too short is repeated.</summary>
    public static List<string> Pieces(string text, int count)
    {
        var pieces = Pieces(text.Length == 0 ? "word" : text);
        if (pieces.Count < count)
            for (var i = 0; pieces.Count < count; i++) pieces.Add(pieces[i].StartsWith(' ') ? pieces[i] : ' ' + pieces[i]);
        else if (pieces.Count > count)
        {
            var merged = new List<string>(count);
            for (var i = 0; i < count; i++)
                merged.Add(string.Concat(pieces[(int)((long)i * pieces.Count / count)..(int)((long)(i + 1) * pieces.Count / count)]));
            return merged;
        }

        return pieces;
    }

    /// <summary>FNV-1a over UTF-16 units.</summary>
    public static uint Hash(ReadOnlySpan<char> text)
    {
        var hash = FnvOffset;
        foreach (var c in text) hash = (hash ^ c) * FnvPrime;
        return hash;
    }

    private static int WholeCharacter(string text, int end) =>
        end < text.Length && char.IsLowSurrogate(text[end]) && char.IsHighSurrogate(text[end - 1]) ? end + 1 : end;
}
