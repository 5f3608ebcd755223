using System.Buffers;

namespace AspireGateway.Gateway.Guardrails.Injection.Normalisation;

/// <summary>
/// A text folded to plain lower-case words, with what was hidden in it. Lives in pooled arrays: give it back by <see cref="Dispose"/>. Not for several threads.
/// </summary>
internal sealed class NormalText : IDisposable
{
    private char[] chars = [];
    private Word[] words = [];
    private char[] hidden = [];

    /// <summary>The folded characters.</summary>
    public ReadOnlySpan<char> Chars => chars.AsSpan(0, Length);

    /// <summary>How many characters.</summary>
    public int Length { get; private set; }

    /// <summary>The words in the order of the text.</summary>
    public ReadOnlySpan<Word> Words => words.AsSpan(0, WordCount);

    /// <summary>How many words.</summary>
    public int WordCount { get; private set; }

    /// <summary>Text that was decoded from base64, hexadecimal, binary or tag characters, or joined from pieces; a line for each piece.</summary>
    public ReadOnlySpan<char> Hidden => hidden.AsSpan(0, HiddenLength);

    /// <summary>How many characters of decoded text.</summary>
    public int HiddenLength { get; private set; }

    /// <summary>Invisible characters between two Latin letters.</summary>
    public int InvisibleCount { get; set; }

    /// <summary>Tag characters, not counting those of flags.</summary>
    public int TagCount { get; set; }

    /// <summary>Words in which alphabets were mixed.</summary>
    public int MixedCount { get; set; }

    /// <summary>Words that were repaired.</summary>
    public int RepairedCount { get; set; }

    /// <summary>Whether <see cref="WordRepair"/> has anything to look at.</summary>
    public bool NeedsRepair { get; set; }

    /// <summary>The characters of a word.</summary>
    public ReadOnlySpan<char> Letters(in Word word) => chars.AsSpan(word.Start, word.Length);

    /// <summary>Makes room for a text of so many characters and forgets what was there.</summary>
    public void Reset(int capacity)
    {
        (Length, WordCount, HiddenLength, InvisibleCount, TagCount, MixedCount, RepairedCount, NeedsRepair) = (0, 0, 0, 0, 0, 0, 0, false);
        Grow(ref chars, 0, capacity);
    }

    /// <summary>The whole buffer, for the one who fills it.</summary>
    public Span<char> Buffer => chars;

    /// <summary>Says how many characters of the buffer are filled.</summary>
    public void SetLength(int length) => Length = length;

    /// <summary>Adds characters behind the text, for words that were put together; gives where they begin.</summary>
    public int Append(ReadOnlySpan<char> letters)
    {
        if (Length + letters.Length > chars.Length) Grow(ref chars, Length, Length + letters.Length);
        letters.CopyTo(chars.AsSpan(Length));
        Length += letters.Length;
        return Length - letters.Length;
    }

    /// <summary>Adds a word.</summary>
    public void Add(in Word word)
    {
        if (WordCount == words.Length) Grow(ref words, WordCount, WordCount + 1);
        words[WordCount++] = word;
    }

    /// <summary>Adds decoded characters.</summary>
    public void AddHidden(ReadOnlySpan<char> text)
    {
        if (HiddenLength + text.Length > hidden.Length) Grow(ref hidden, HiddenLength, HiddenLength + text.Length);
        text.CopyTo(hidden.AsSpan(HiddenLength));
        HiddenLength += text.Length;
    }

    /// <summary>Takes back decoded characters beyond a length: they turned out to be no text.</summary>
    public void CutHidden(int length) => HiddenLength = length;

    /// <summary>Takes the words away, for the one who writes them anew; give the array back by <see cref="GiveBack"/>.</summary>
    public Word[] TakeWords(out int count)
    {
        (var taken, count) = (words, WordCount);
        (words, WordCount) = ([], 0);
        Grow(ref words, 0, Math.Max(count, 1));
        return taken;
    }

    /// <summary>Gives an array of words back to the pool.</summary>
    public static void GiveBack(Word[] taken)
    {
        if (taken.Length > 0) ArrayPool<Word>.Shared.Return(taken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (chars.Length > 0) ArrayPool<char>.Shared.Return(chars);
        if (hidden.Length > 0) ArrayPool<char>.Shared.Return(hidden);
        GiveBack(words);
        (chars, hidden, words) = ([], [], []);
    }

    private static void Grow<T>(ref T[] array, int used, int needed)
    {
        if (array.Length >= needed && needed > 0) return;
        var larger = ArrayPool<T>.Shared.Rent(Math.Max(Math.Max(needed, 64), Math.Min(array.Length * 2, Array.MaxLength)));
        array.AsSpan(0, used).CopyTo(larger);
        if (array.Length > 0) ArrayPool<T>.Shared.Return(array);
        array = larger;
    }
}
