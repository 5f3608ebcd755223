using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Routing.Tasks;

/// <summary>
/// Goes through the words of a UTF-8 text, lower-cased as far as Latin and Cyrillic letters go, and hashes each. A Chinese or Japanese character is a word by itself;
/// <c>+</c> and <c>#</c> belong to the letter before them (c#, c++).
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct WordScanner(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> text = text;
    private int at;

    /// <summary>Hash of the word.</summary>
    public ulong Hash { get; private set; }

    /// <summary>Where the word begins.</summary>
    public int Start { get; private set; }

    /// <summary>Just behind the word.</summary>
    public readonly int End => at;

    /// <summary>Moves to the next word; false at the end.</summary>
    public bool Next()
    {
        while (at < text.Length)
        {
            var kind = KindAt(at, out var length);
            if (kind == Kind.Other)
            {
                at += length;
                continue;
            }
            Start = at;
            Hash = Lexicon.Empty;
            if (kind == Kind.Word)
            {
                for (; length > 0; length--) Hash = Lexicon.Next(Hash, text[at++]);
                return true;
            }
            while (at < text.Length && KindAt(at, out length) == Kind.Letter) Take(length);
            while (at < text.Length && text[at] is (byte)'+' or (byte)'#') Take(1);
            return true;
        }
        return false;
    }

    /// <summary>The groups that this word's beginnings lead to.</summary>
    public readonly ulong StemsIn(Lexicon lexicon)
    {
        ulong found = 0;
        var hash = Lexicon.Empty;
        for (var i = Start; i < at; i++)
        {
            hash = Lexicon.Next(hash, Lower(i));
            if (i - Start + 1 >= Lexicon.MinStem) found |= lexicon.GroupsOf(Lexicon.Stem(hash));
        }
        return found;
    }

    private void Take(int length)
    {
        for (; length > 0; length--) Hash = Lexicon.Next(Hash, Lower(at++));
    }

    private readonly Kind KindAt(int place, out int length)
    {
        var first = text[place];
        length = 1;
        if (first < 0x80) return char.IsAsciiLetterOrDigit((char)first) ? Kind.Letter : Kind.Other;
        if (first < 0xC0) return Kind.Other;
        length = Math.Min(first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4, text.Length - place);
        // Two bytes are letters of Europe and the Near East, but for the signs below C3 80.
        if (length == 2) return first == 0xC2 || (first == 0xC3 && text[place + 1] is 0x97 or 0xB7) ? Kind.Other : Kind.Letter;
        return length == 3 && first is >= 0xE3 and <= 0xED && !(first == 0xE3 && text[place + 1] == 0x80) ? Kind.Word : Kind.Other;
    }

    // Latin-1 (C3 80..9E) and Cyrillic (D0 90..AF) differ from their small letters in one bit; D0 A0..AF would need another first byte and stay as they are.
    private readonly byte Lower(int place)
    {
        var letter = text[place];
        if (letter is >= (byte)'A' and <= (byte)'Z') return (byte)(letter | 0x20);
        if (letter < 0x80 || place == 0) return letter;
        return (text[place - 1], letter) switch
        {
            (0xC3, >= 0x80 and <= 0x9E) => (byte)(letter | 0x20),
            (0xD0, >= 0x90 and <= 0x9F) => (byte)(letter | 0x20),
            _ => letter,
        };
    }

    private enum Kind
    {
        Other,
        Letter,
        Word,
    }
}
