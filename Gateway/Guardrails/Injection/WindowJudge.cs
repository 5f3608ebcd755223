using AspireGateway.Gateway.Guardrails.Injection.Classification;
using AspireGateway.Gateway.Guardrails.Injection.Normalisation;
using AspireGateway.Gateway.Guardrails.Injection.Rules;

namespace AspireGateway.Gateway.Guardrails.Injection;

/// <summary>
/// Judges a normalised text in windows of <see cref="WindowWords"/> words, each half over the one before, and keeps the worst: a few hostile words in a long
/// document weigh as much as they do alone.
/// </summary>
internal sealed class WindowJudge
{
    /// <summary>Words of a window.</summary>
    public const int WindowWords = 2 * StrideWords;

    /// <summary>Words from one window to the next.</summary>
    public const int StrideWords = 32;

    // What the classifier may say at most, in log-odds: it has seen few kinds of text, rules are surer.
    /// <summary>What the rules may say at most, in log-odds.</summary>
    public const float RuleBound = 5f;

    private const float ClassifierBound = 6f;

    private readonly RuleSet rules;
    private readonly MarkerReader markers;
    private readonly LinearClassifier classifier;
    private readonly ulong rotated, reversed;

    /// <summary>A judge by rules and a classifier.</summary>
    public WindowJudge(RuleSet rules, LinearClassifier classifier)
    {
        (this.rules, this.classifier) = (rules, classifier);
        markers = new(rules.Lexicon);
        (rotated, reversed) = (rules.Lexicon.BitOf("rotated"), rules.Lexicon.BitOf("reversed"));
    }

    /// <summary>The worst window of a text.</summary>
    public WindowVerdict Judge(NormalText text, InjectionSource source)
    {
        var run = new RuleRun(rules, source);
        var verdict = new WindowVerdict(float.NegativeInfinity, 0, 0, 0, 0);
        var before = new FeatureSums(classifier.Weights);
        var now = new FeatureSums(classifier.Weights);
        ulong conceptsBefore = 0, conceptsNow = 0, firedBefore = 0, firedNow = 0, twoBack = 0, oneBack = 0;
        var (rotatedWords, reversedWords) = (0, 0);
        var words = text.Words;
        for (var i = 0; i < words.Length; i++)
        {
            if (i > 0 && i % StrideWords == 0)
            {
                Close(ref verdict, before, now, conceptsBefore | conceptsNow, firedBefore | firedNow);
                before = now;
                now = new FeatureSums(classifier.Weights);
                (conceptsBefore, firedBefore, conceptsNow, firedNow) = (conceptsNow, firedNow, 0, 0);
            }
            ref readonly var word = ref words[i];
            var letters = text.Letters(word);
            var concepts = rules.Lexicon.ConceptsOf(text, i);
            concepts |= markers.ConceptsOf(text, i, concepts);
            if ((concepts & rotated) != 0) rotatedWords++;
            if ((concepts & reversed) != 0) reversedWords++;
            conceptsNow |= concepts;
            firedNow |= run.Take(concepts, word.Break);
            var hash = FeatureHasher.HashOf(letters, word.Hash);
            FeatureHasher.Word(letters, twoBack, oneBack, hash, ref now);
            (twoBack, oneBack) = (oneBack, hash);
        }
        Close(ref verdict, before, now, conceptsBefore | conceptsNow, firedBefore | firedNow);
        return verdict with { RotatedWords = rotatedWords, ReversedWords = reversedWords };
    }

    private void Close(ref WindowVerdict worst, in FeatureSums before, FeatureSums now, ulong concepts, ulong fired)
    {
        now.Add(before);
        FeatureHasher.Concepts(concepts, ref now);
        var learned = Math.Clamp(classifier.LogOdds(now), -ClassifierBound, ClassifierBound);
        var odds = learned + Math.Clamp(rules.WeightOf(fired), -RuleBound, RuleBound);
        if (odds > worst.LogOdds) worst = new(odds, learned, fired, 0, 0);
    }
}
