using System.Text;

namespace AspireGateway.InjectionTraining;

/// <summary>A text with what it is.</summary>
/// <param name="Text">The text.</param>
/// <param name="IsAttack">Whether it is an attack.</param>
/// <param name="Family">Its family's name.</param>
/// <param name="Kind">attack, ordinary or talk.</param>
internal sealed record Sample(string Text, bool IsAttack, string Family, string Kind);

/// <summary>The texts that the classifier is trained and measured on: made from the grammars, plus the labelled prompts of the task classifier.</summary>
internal static class Corpus
{
    /// <summary>Seeds of the two draws; a family's texts in one are not those in the other.</summary>
    public const ulong TrainingSeed = 20260101, EvaluationSeed = 77000777;

    private const int AttacksPerFamily = 700, OrdinaryPerFamily = 1500, EvaluatedPerFamily = 300;

    /// <summary>What training sees.</summary>
    public static List<Sample> Training(string root)
    {
        var random = new SplitMix(TrainingSeed);
        var (attacks, benign) = (Grammar.Read("attacks"), Grammar.Read("benign"));
        var ordinary = benign.Families.Where(family => !family.IsHeldOut).ToList();
        var samples = new List<Sample>();
        foreach (var family in attacks.Families.Where(family => !family.IsHeldOut))
        {
            for (var i = 0; i < AttacksPerFamily; i++)
            {
                var text = attacks.Make(family, random);
                // One in six stands in an ordinary text, so that a window of both is known.
                if (i % 6 == 0) text = benign.Make(ordinary[random.Next(ordinary.Count)], random) + (i % 12 == 0 ? "\n\n" : " ") + text;
                samples.Add(new(Vary(text, random), true, family.Name, "attack"));
            }
        }
        foreach (var family in ordinary)
            for (var i = 0; i < OrdinaryPerFamily; i++) samples.Add(new(Vary(benign.Make(family, random), random), false, family.Name, family.Kind));
        foreach (var text in Labelled(root, "training"))
            for (var i = 0; i < 8; i++) samples.Add(new(text, false, "labelled", "ordinary"));
        return samples;
    }

    /// <summary>What it is measured on: other draws of the same families, and families that training never saw.</summary>
    public static List<(Sample Sample, bool IsHeldOut)> Evaluation(string root)
    {
        var random = new SplitMix(EvaluationSeed);
        var samples = new List<(Sample, bool)>();
        foreach (var grammar in new[] { Grammar.Read("attacks"), Grammar.Read("benign") })
            foreach (var family in grammar.Families)
                for (var i = 0; i < EvaluatedPerFamily; i++)
                    samples.Add((new(grammar.Make(family, random), family.Kind == "attack", family.Name, family.Kind), family.IsHeldOut));
        foreach (var text in Labelled(root, "heldout")) samples.Add((new(text, false, "labelled", "ordinary"), true));
        return samples;
    }

    // People write without capitals and without points too.
    private static string Vary(string text, SplitMix random) => random.Next(8) switch
    {
        0 => text.ToLowerInvariant(),
        1 => text.TrimEnd('.', '?', '!'),
        2 => text.Replace(". ", ".\n", StringComparison.Ordinal),
        _ => text,
    };

    private static IEnumerable<string> Labelled(string root, string name) =>
        File.ReadLines(Path.Combine(root, "tests", "Gateway.Tests", "Golden", "Tasks", name + ".tsv"), Encoding.UTF8)
            .Select(line => line.Split('\t')[1].Replace("\\n", "\n", StringComparison.Ordinal));
}
