using System.Numerics.Tensors;
using AspireGateway.Gateway.Caching.Semantic.Words;

namespace AspireGateway.Gateway.Caching.Semantic.Embedding;

/// <summary>
/// Makes a vector of a question from its words alone: single words, pairs of neighbours and pieces of words, hashed to places with a sign each (the hashing trick), counted by 1 +
/// ln(times), of unit length. It sees that the same things are said in other forms and with other small words. It does not see that two words mean the same, nor that one
/// word means two things.
/// </summary>
internal static class LexicalEmbedder
{
    /// <summary>Length of its vectors.</summary>
    public const int Dimensions = 256;

    /// <summary>Grows with every change of its vectors: those of another version are not compared.</summary>
    public const byte Version = 1;

    private const float Word = 1, Neutral = 0.1f, Pair = 0.5f, Piece = 0.35f;
    private const int PieceLength = 4;
    private const uint WordSeed = 1, PairSeed = 2, PieceSeed = 3;

    /// <summary>Makes the vector; false = there is no word in it that carries meaning.</summary>
    public static bool TryEmbed(QuestionText text, Span<float> vector)
    {
        vector.Clear();
        var features = new Dictionary<uint, (float Weight, int Times)>(text.Count * 6);
        var (before, carries) = (0u, false);
        for (var i = 0; i < text.Count; i++)
        {
            ref readonly var word = ref text.Words[i];
            if (word.Is(WordKinds.Quote)) continue;
            // Small words of place are looked at by vetoes; "how to" and "how do I" are the same.
            var isSmall = word.Kinds is WordKinds.Neutral or WordKinds.Opposite;
            Count(features, WordDigest.Of(word.Stem, WordSeed), isSmall ? Neutral : Word);
            if (isSmall) continue;
            carries |= word.Is(WordKinds.Content);
            if (before != 0) Count(features, WordDigest.Of(before, word.Stem ^ PairSeed), Pair);
            before = word.Stem;
            var letters = text.TextOf(i);
            var pieces = letters.Length - PieceLength + 1;
            // All pieces of a word weigh together as much whatever its length.
            for (var at = 0; at < pieces; at++) Count(features, WordDigest.Of(letters.Slice(at, PieceLength), PieceSeed), Piece / MathF.Sqrt(pieces));
        }
        foreach (var (feature, (weight, times)) in features) vector[(int)(feature % Dimensions)] += ((feature & 0x8000_0000) == 0 ? weight : -weight) * (1 + MathF.Log(times));
        return carries && TryNormalise(vector);
    }

    /// <summary>Gives a vector unit length; false = it has none, or holds what is no number.</summary>
    public static bool TryNormalise(Span<float> vector)
    {
        var length = TensorPrimitives.Norm<float>(vector);
        if (!float.IsFinite(length) || length < 1e-12f) return false;
        TensorPrimitives.Divide(vector, length, vector);
        return true;
    }

    private static void Count(Dictionary<uint, (float Weight, int Times)> features, uint feature, float weight)
    {
        ref var known = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(features, feature, out _);
        known = (Math.Max(known.Weight, weight), known.Times + 1);
    }
}
