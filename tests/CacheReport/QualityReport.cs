using System.Globalization;
using AspireGateway.Gateway.Caching.Semantic.Words;

namespace AspireGateway.CacheReport;

/// <summary>Precision and recall of semantic hits by threshold, on pairs that it makes itself.</summary>
internal static class QualityReport
{
    private static readonly float[] Thresholds = [0.5f, 0.6f, 0.65f, 0.7f, 0.75f, 0.8f, 0.85f, 0.9f, 0.95f, 0.97f, 0.99f];

    /// <summary>Writes the tables.</summary>
    public static void Write(TextWriter output)
    {
        var all = QuestionCorpus.Read().ConvertAll(JudgedPair.Of);
        foreach (var (title, pairs) in new[] { ("families that were looked at", all.FindAll(pair => !pair.Pair.IsHeldOut)), ("held-out families", all.FindAll(pair => pair.Pair.IsHeldOut)) })
        {
            int Of(QuestionBond bond) => pairs.Count(pair => pair.Pair.Bond == bond);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {Of(QuestionBond.SameWords)} pairs in the same words, {Of(QuestionBond.OtherWords)} in other words, {Of(QuestionBond.NearMiss)} near misses"));
            output.WriteLine();
            output.WriteLine("| threshold | vector alone: precision | recall | with vetoes: precision | recall | all words: precision | recall, same words | recall, other words |");
            output.WriteLine("|---|---|---|---|---|---|---|---|");
            foreach (var threshold in Thresholds)
            {
                var (alone, vetoed, words) = (HitScore.Of(pairs, threshold, static _ => VetoReason.None), HitScore.Of(pairs, threshold, static pair => pair.Veto), HitScore.Of(pairs, threshold, static pair => pair.WordVeto));
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {threshold:0.00} | {alone.Precision:0.000} | {alone.Recall:0.000} | {vetoed.Precision:0.000} | {vetoed.Recall:0.000} | {words.Precision:0.000} | {words.RecallOf(QuestionBond.SameWords):0.000} | {words.RecallOf(QuestionBond.OtherWords):0.000} |"));
            }
            output.WriteLine();
        }
    }

    /// <summary>Writes the pairs that a threshold gets wrong.</summary>
    public static void WriteMisses(TextWriter output, float threshold)
    {
        foreach (var pair in QuestionCorpus.Read().ConvertAll(JudgedPair.Of))
        {
            var isHit = pair.Similarity >= threshold && pair.WordVeto == VetoReason.None;
            if (isHit == (pair.Pair.Bond == QuestionBond.NearMiss) && pair.Pair.Bond != QuestionBond.OtherWords)
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pair.Pair.Bond} {pair.Similarity:0.000} {pair.WordVeto}: {pair.Pair.Kept} / {pair.Pair.Asked}"));
        }
    }
}
