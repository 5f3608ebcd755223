using AspireGateway.Gateway.Guardrails.Injection;
using AspireGateway.Gateway.Guardrails.Injection.Classification;
using AspireGateway.Gateway.Guardrails.Injection.Rules;
using AspireGateway.InjectionTraining;

namespace AspireGateway.Gateway.Tests.Guardrails.Injection;

/// <summary>The committed weights are those of the training, and hold what docs/guardrails.md says of them.</summary>
public sealed class InjectionTrainingTests
{
    private const double FewestCaught = 0.8, MostOrdinary = 0.01, MostTalk = 0.05;

    [Fact]
    public void Weights_AreThoseOfTheTraining()
    {
        var folder = Path.Combine(Root(), "Gateway", "Guardrails", "Injection");
        var rules = RuleSet.Parse(ConceptLexicon.Parse(File.ReadAllText(Path.Combine(folder, "Rules", "lexicon.txt"))), File.ReadAllText(Path.Combine(folder, "Rules", "rules.txt")));
        var file = Path.Combine(folder, "Classification", "weights.txt");

        var trained = Trainer.Train(rules, Corpus.Training(Root()));

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1") File.WriteAllText(file, trained);
        var expected = LinearClassifier.Parse(File.ReadAllText(file)).Weights;
        var actual = LinearClassifier.Parse(trained).Weights;
        // Processors round sums differently, so a weight may be a step or two off.
        var most = 0;
        for (var i = 0; i < expected.Length; i++) most = Math.Max(most, Math.Abs(expected[i] - actual[i]));
        Assert.InRange(most, 0, 3);
    }

    [Fact]
    public void HeldOutFamilies_AreTold()
    {
        var samples = Corpus.Evaluation(Root()).Where(s => s.IsHeldOut).Select(s => s.Sample).ToList();

        var attacks = Evaluation.Caught(InjectionDetector.Default, [.. samples.Where(s => s.IsAttack)], InjectionThresholds.Standard);
        var ordinary = Evaluation.Caught(InjectionDetector.Default, [.. samples.Where(s => s.Kind == "ordinary")], InjectionThresholds.Standard);
        var talk = Evaluation.Caught(InjectionDetector.Default, [.. samples.Where(s => s.Kind == "talk")], InjectionThresholds.Standard);

        Assert.True(attacks >= FewestCaught && ordinary <= MostOrdinary && talk <= MostTalk, $"{attacks:0.000} of the attacks, {ordinary:0.000} of ordinary texts, {talk:0.000} of talk about security");
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AspireGateway.sln"))) folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        return folder;
    }
}
