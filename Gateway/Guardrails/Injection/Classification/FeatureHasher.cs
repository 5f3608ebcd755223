using System.Numerics;
using AspireGateway.Gateway.Guardrails.Injection.Normalisation;

namespace AspireGateway.Gateway.Guardrails.Injection.Classification;

/// <summary>
/// Hashes what a word adds to the features: rows of three to five of its letters, its ends included, and the rows of one to three words that it ends. A
/// number counts as any other number. Concepts of a window count alone and in pairs, which carries over to words that training never saw.
/// </summary>
internal static class FeatureHasher
{
    /// <summary>Buckets.</summary>
    public const int Buckets = 1 << 16;

    private const int MaxLetters = 24;
    private const ulong Prime = 0x9E3779B97F4A7C15, PairSalt = 0xD6E8FEB86659FD93;

    /// <summary>Gives what the word adds.</summary>
    public static void Word<TSink>(ReadOnlySpan<char> letters, ulong twoBefore, ulong oneBefore, ulong hash, ref TSink sink)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        sink.Words(Bucket(hash));
        if (oneBefore != 0) sink.Words(Bucket(WordHash.Row(oneBefore, hash)));
        if (twoBefore != 0) sink.Words(Bucket(WordHash.Row(WordHash.Row(twoBefore, oneBefore), hash)));

        Span<char> padded = stackalloc char[MaxLetters + 2];
        if (letters.Length > MaxLetters) letters = letters[..MaxLetters];
        padded[0] = ' ';
        letters.CopyTo(padded[1..]);
        padded[letters.Length + 1] = ' ';
        padded = padded[..(letters.Length + 2)];
        for (var start = 0; start + 3 <= padded.Length; start++)
        {
            var row = ((ulong)padded[start] << 32 | (ulong)padded[start + 1] << 16 | padded[start + 2]) * Prime;
            sink.Letters(Bucket(row));
            if (start + 4 > padded.Length) break;
            row = (row ^ padded[start + 3]) * Prime;
            sink.Letters(Bucket(row));
            if (start + 5 > padded.Length) continue;
            row = (row ^ padded[start + 4]) * Prime;
            sink.Letters(Bucket(row));
        }
    }

    /// <summary>Gives the concepts of a window.</summary>
    public static void Concepts<TSink>(ulong concepts, ref TSink sink)
        where TSink : struct, IFeatureSink, allows ref struct
    {
        for (var set = concepts; set != 0; set &= set - 1)
        {
            var one = (ulong)BitOperations.TrailingZeroCount(set) + 1;
            sink.Concepts(Bucket(one * PairSalt));
            for (var rest = set & (set - 1); rest != 0; rest &= rest - 1)
                sink.Concepts(Bucket((one << 8 | ((ulong)BitOperations.TrailingZeroCount(rest) + 1)) * PairSalt));
        }
    }

    /// <summary>The hash that a word counts by: all numbers are one.</summary>
    public static ulong HashOf(ReadOnlySpan<char> letters, ulong hash) => char.IsAsciiDigit(letters[0]) && !letters.ContainsAnyExceptInRange('0', '9') ? Prime : hash;

    private static int Bucket(ulong hash) => (int)((hash ^ hash >> 29) * Prime >> 48);
}
