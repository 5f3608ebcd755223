using System.Buffers;
using System.Text;

namespace AspireGateway.Gateway.Guardrails.Injection.Normalisation;

/// <summary>
/// Folds a text to plain lower-case words. Plain ASCII without escapes is folded by vector instructions and keeps its places; anything else goes
/// through <see cref="CharacterFold"/> character by character. Both are linear.
/// </summary>
internal static class TextNormaliser
{
    /// <summary>Folds a text, decodes what is encoded in it, joins what is split, finds its words and repairs those that were taken apart.</summary>
    /// <param name="text">The text as it came.</param>
    /// <param name="into">Gets the result.</param>
    /// <param name="known">Words worth repairing towards; null repairs nothing.</param>
    /// <param name="decode">Whether encoded pieces are decoded; false for a text that was decoded already.</param>
    public static void Normalise(ReadOnlySpan<char> text, NormalText into, IWordSet? known, bool decode)
    {
        into.Reset(text.Length);
        if (Ascii.IsValid(text) && text.IndexOfAny(EscapeReader.Beginnings) < 0)
        {
            Ascii.ToLower(text, into.Buffer, out var written);
            into.SetLength(written);
            WordScanner.Scan(into, default);
        }
        else
        {
            var origins = ArrayPool<int>.Shared.Rent(text.Length + 1);
            try
            {
                Fold(text, into, origins);
                WordScanner.Scan(into, origins.AsSpan(0, into.Length + 1));
            }
            finally
            {
                ArrayPool<int>.Shared.Return(origins);
            }
        }
        if (decode)
        {
            EncodedRuns.Decode(text, into);
            SplitPieces.Join(text, into);
        }
        if (known is not null && into.NeedsRepair) WordRepair.Repair(into, known);
    }

    private static void Fold(ReadOnlySpan<char> text, NormalText into, int[] origins)
    {
        var buffer = into.Buffer;
        var length = 0;
        for (var i = 0; i < text.Length;)
        {
            var unit = text[i];
            var taken = 1;
            if (unit < 0x80 && unit is '\\' or '%' or '&') unit = EscapeReader.Read(text[i..], out taken);
            char folded;
            if (char.IsSurrogate(unit))
            {
                if (taken == 1 && Rune.DecodeFromUtf16(text[i..], out var rune, out taken) == OperationStatus.Done)
                {
                    folded = SupplementaryFold.Fold(rune.Value);
                    if (SupplementaryFold.IsTag(rune.Value)) taken = ReadTags(text, i, into);
                }
                else
                {
                    folded = ' ';
                    taken = Math.Max(taken, 1);
                }
            }
            else
            {
                folded = CharacterFold.Fold(unit);
                if (folded == CharacterFold.Nothing && i > 0 && i + 1 < text.Length && char.IsAsciiLetter(text[i - 1]) && CharacterFold.IsInvisible(unit)) into.InvisibleCount++;
            }
            if (folded != CharacterFold.Nothing)
            {
                origins[length] = i;
                buffer[length++] = folded;
            }
            i += taken;
        }
        origins[length] = text.Length;
        into.SetLength(length);
    }

    /// <summary>Reads a run of tag characters; those behind a black flag name a region and are no text.</summary>
    private static int ReadTags(ReadOnlySpan<char> text, int start, NormalText into)
    {
        var isFlag = start >= 2 && char.IsSurrogatePair(text[start - 2], text[start - 1]) && char.ConvertToUtf32(text[start - 2], text[start - 1]) == 0x1F3F4;
        var at = start;
        Span<char> one = stackalloc char[1];
        while (at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) && SupplementaryFold.IsTag(char.ConvertToUtf32(text[at], text[at + 1])))
        {
            if (!isFlag)
            {
                one[0] = (char)(char.ConvertToUtf32(text[at], text[at + 1]) - 0xE0000);
                into.AddHidden(one);
                into.TagCount++;
            }
            at += 2;
        }
        if (!isFlag) into.AddHidden("\n");
        return at - start;
    }
}
