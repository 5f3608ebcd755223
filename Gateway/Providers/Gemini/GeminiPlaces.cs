using System.Numerics;
using System.Text;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Gemini;

/// <summary>
/// Google tells places in an answer in bytes of UTF-8, other APIs in characters. This knows the characters of the words so far: nothing as long as they are
/// ASCII, afterwards one bit a byte that says whether a character begins there.
/// </summary>
internal sealed class GeminiPlaces
{
    // Longer answers go without places. The bits are an eighth of it.
    private const int MaxBytes = 8 * 1024 * 1024;

    private List<ulong>? beginnings;
    private bool isLost;

    /// <summary>Bytes of the words so far.</summary>
    public int Bytes { get; private set; }

    /// <summary>More words, escaped.</summary>
    public void Add(ReadOnlySpan<byte> escaped)
    {
        if (isLost) return;
        if (Bytes + (long)escaped.Length > MaxBytes)
        {
            isLost = true;
            beginnings = null;
            return;
        }
        // The way of most texts.
        if (beginnings is null && !escaped.Contains((byte)'\\') && Ascii.IsValid(escaped))
        {
            Bytes += escaped.Length;
            return;
        }
        for (var at = 0; at < escaped.Length;)
        {
            var value = escaped[at];
            int length;
            if (value == '\\')
            {
                at += EscapedCharacters.Escape(escaped[at..], out length);
            }
            else
            {
                length = value < 0x80 ? 1 : value < 0xE0 ? 2 : value < 0xF0 ? 3 : 4;
                at += length;
            }
            Put(length);
        }
    }

    /// <summary>The place in characters; none when it is not within the words.</summary>
    /// <param name="start">Its first byte.</param>
    /// <param name="end">The byte behind its last.</param>
    public AnswerPlace Of(int start, int end) =>
        isLost || start < 0 || end > Bytes || start > end ? default : AnswerPlace.Of(CharactersBefore(start), CharactersBefore(end));

    private void Put(int length)
    {
        if (length == 0) return;
        if (length > 1 && beginnings is null)
        {
            // All before were characters of one byte.
            beginnings = [];
            for (var known = 0; known < Bytes; known++) Mark(known);
        }
        if (beginnings is not null) Mark(Bytes);
        Bytes += length;
    }

    private void Mark(int at)
    {
        while (beginnings!.Count <= at / 64) beginnings.Add(0);
        beginnings[at / 64] |= 1UL << (at % 64);
    }

    private int CharactersBefore(int at)
    {
        if (beginnings is null) return at;
        var count = 0;
        var whole = Math.Min(at / 64, beginnings.Count);
        for (var i = 0; i < whole; i++) count += BitOperations.PopCount(beginnings[i]);
        return whole < beginnings.Count ? count + BitOperations.PopCount(beginnings[whole] & ((1UL << (at % 64)) - 1)) : count;
    }
}
