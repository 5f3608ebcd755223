using AspireGateway.Gateway.Guardrails.Injection;
using AspireGateway.Gateway.Guardrails.Injection.Classification;
using AspireGateway.Gateway.Guardrails.Injection.Normalisation;
using AspireGateway.Gateway.Guardrails.Injection.Rules;

namespace AspireGateway.InjectionTraining;

/// <summary>A window as the trainer sees it.</summary>
/// <param name="IsAttack">Its label.</param>
/// <param name="RuleOdds">What the rules say of it.</param>
/// <param name="Groups">Buckets of letters, words and concepts.</param>
internal sealed record Window(bool IsAttack, float RuleOdds, ushort[][] Groups);

/// <summary>Cuts texts into the windows that the detector judges.</summary>
internal sealed class WindowFeatures(RuleSet rules)
{
    private readonly MarkerReader markers = new(rules.Lexicon);

    /// <summary>The windows of a text.</summary>
    public IEnumerable<Window> Of(Sample sample)
    {
        var windows = new List<Window>();
        using var text = new NormalText();
        TextNormaliser.Normalise(sample.Text, text, rules.Lexicon, decode: false);
        for (var from = 0; from == 0 || from + WindowJudge.StrideWords < text.WordCount; from += WindowJudge.StrideWords)
            windows.Add(Read(text, from, Math.Min(from + WindowJudge.WindowWords, text.WordCount), sample.IsAttack));
        return windows;
    }

    private Window Read(NormalText text, int from, int to, bool isAttack)
    {
        var run = new RuleRun(rules, InjectionSource.User);
        var features = new FeatureList();
        ulong concepts = 0, fired = 0, twoBack = 0, oneBack = 0;
        for (var i = from; i < to; i++)
        {
            ref readonly var word = ref text.Words[i];
            var found = rules.Lexicon.ConceptsOf(text, i);
            found |= markers.ConceptsOf(text, i, found);
            concepts |= found;
            fired |= run.Take(found, word.Break);
            var letters = text.Letters(word);
            var hash = FeatureHasher.HashOf(letters, word.Hash);
            FeatureHasher.Word(letters, twoBack, oneBack, hash, ref features);
            (twoBack, oneBack) = (oneBack, hash);
        }
        FeatureHasher.Concepts(concepts, ref features);
        return new(isAttack, rules.WeightOf(fired), [[.. features.LetterBuckets], [.. features.WordBuckets], [.. features.ConceptBuckets]]);
    }
}
