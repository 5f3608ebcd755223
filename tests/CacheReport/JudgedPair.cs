using System.Numerics.Tensors;
using AspireGateway.Gateway.Caching.Semantic.Embedding;
using AspireGateway.Gateway.Caching.Semantic.Words;

namespace AspireGateway.CacheReport;

/// <summary>A pair as the gateway sees it.</summary>
/// <param name="Pair">The pair.</param>
/// <param name="Similarity">How close its vectors lie.</param>
/// <param name="Veto">What speaks against a hit whoever makes the vectors.</param>
/// <param name="WordVeto">The same where the words themselves must be the same ones.</param>
internal sealed record JudgedPair(QuestionPair Pair, float Similarity, VetoReason Veto, VetoReason WordVeto)
{
    private const int MostWords = 400;

    /// <summary>Looks at a pair.</summary>
    public static JudgedPair Of(QuestionPair pair)
    {
        using QuestionText kept = new(), asked = new();
        var areRead = QuestionReader.TryRead(pair.Kept, MostWords, kept) & QuestionReader.TryRead(pair.Asked, MostWords, asked);
        Span<float> one = new float[LexicalEmbedder.Dimensions], other = new float[LexicalEmbedder.Dimensions];
        var similarity = areRead && LexicalEmbedder.TryEmbed(kept, one) && LexicalEmbedder.TryEmbed(asked, other) ? TensorPrimitives.Dot<float>(one, other) : -1;
        return new(pair, similarity, Gateway.Caching.Semantic.Words.Veto.Of(asked.Words, kept.Words, allWords: false), Gateway.Caching.Semantic.Words.Veto.Of(asked.Words, kept.Words, allWords: true));
    }
}
