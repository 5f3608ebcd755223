using AspireGateway.CacheReport;
using AspireGateway.Gateway.Caching.Semantic.Words;
using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Gateway.Tests.Caching.Semantic;

/// <summary>The defaults against generated pairs; the table by threshold stands in docs/caching.md.</summary>
public sealed class QualityTests
{
    private static readonly List<JudgedPair> Pairs = QuestionCorpus.Read().ConvertAll(JudgedPair.Of);

    [Fact]
    public void LexicalDefault_OnAllPairs_IsRightAndFindsMostOfTheSameWords()
    {
        Assert.True(Pairs.Count > 1_000);
        foreach (var pairs in (List<JudgedPair>[])[Pairs, Pairs.FindAll(pair => pair.Pair.IsHeldOut)])
        {
            var score = HitScore.Of(pairs, (float)CacheSettings.LexicalSimilarity, static pair => pair.WordVeto);
            Assert.True(score.Precision >= 0.98, $"precision {score.Precision}");
            Assert.True(score.RecallOf(QuestionBond.SameWords) >= 0.9, $"recall {score.RecallOf(QuestionBond.SameWords)}");
        }
    }

    [Fact]
    public void Vetoes_OnNearMisses_MakeHitsRight()
    {
        var (alone, vetoed) = (HitScore.Of(Pairs, 0.8f, static _ => VetoReason.None), HitScore.Of(Pairs, 0.8f, static pair => pair.Veto));
        Assert.True(vetoed.Precision > alone.Precision + 0.1, $"{alone.Precision} to {vetoed.Precision}");
        Assert.True(vetoed.Recall > alone.Recall - 0.03, $"{alone.Recall} to {vetoed.Recall}");
    }

    // Documented: it compares words.
    [Fact]
    public void LexicalEmbedder_OtherWords_SeesNothing() =>
        Assert.Equal(0, HitScore.Of(Pairs, (float)CacheSettings.LexicalSimilarity, static pair => pair.WordVeto).RecallOf(QuestionBond.OtherWords));
}
