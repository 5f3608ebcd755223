using AspireGateway.Gateway.Caching.Semantic.Words;

namespace AspireGateway.CacheReport;

/// <summary>What hits were right, and what was missed.</summary>
internal sealed class HitScore
{
    private readonly Dictionary<QuestionBond, (int Pairs, int Hits)> counts = [];

    /// <summary>Share of hits that were right; 1 = there was none that was wrong.</summary>
    public double Precision
    {
        get
        {
            var (right, wrong) = (HitsOf(QuestionBond.SameWords) + HitsOf(QuestionBond.OtherWords), HitsOf(QuestionBond.NearMiss));
            return right + wrong == 0 ? 1 : right / (double)(right + wrong);
        }
    }

    /// <summary>Share of the pairs that ask the same which were hits.</summary>
    public double Recall => (HitsOf(QuestionBond.SameWords) + HitsOf(QuestionBond.OtherWords)) / (double)(PairsOf(QuestionBond.SameWords) + PairsOf(QuestionBond.OtherWords));

    /// <summary>Counts hits at a threshold.</summary>
    public static HitScore Of(IEnumerable<JudgedPair> pairs, float threshold, Func<JudgedPair, VetoReason> veto)
    {
        var score = new HitScore();
        foreach (var pair in pairs)
        {
            var (count, hits) = score.counts.GetValueOrDefault(pair.Pair.Bond);
            score.counts[pair.Pair.Bond] = (count + 1, hits + (pair.Similarity >= threshold && veto(pair) == VetoReason.None ? 1 : 0));
        }
        return score;
    }

    /// <summary>Share of the pairs of a kind which were hits.</summary>
    public double RecallOf(QuestionBond bond) => PairsOf(bond) == 0 ? 0 : HitsOf(bond) / (double)PairsOf(bond);

    private int HitsOf(QuestionBond bond) => counts.GetValueOrDefault(bond).Hits;

    private int PairsOf(QuestionBond bond) => counts.GetValueOrDefault(bond).Pairs;
}
