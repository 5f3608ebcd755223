using AspireGateway.Gateway.Guardrails.Injection;
using AspireGateway.Gateway.Guardrails.Injection.Classification;
using AspireGateway.Gateway.Guardrails.Injection.Rules;
using AspireGateway.InjectionTraining;

var root = Directory.GetCurrentDirectory();
while (!File.Exists(Path.Combine(root, "AspireGateway.sln"))) root = Path.GetDirectoryName(root.TrimEnd(Path.DirectorySeparatorChar))!;
var folder = Path.Combine(root, "Gateway", "Guardrails", "Injection");
var weightsFile = Path.Combine(folder, "Classification", "weights.txt");
var rules = RuleSet.Parse(ConceptLexicon.Parse(File.ReadAllText(Path.Combine(folder, "Rules", "lexicon.txt"))), File.ReadAllText(Path.Combine(folder, "Rules", "rules.txt")));

switch (args.FirstOrDefault())
{
    case "train":
        File.WriteAllText(weightsFile, Trainer.Train(rules, Corpus.Training(root)));
        return 0;
    case "evaluate":
        Console.WriteLine(Evaluation.Report(Detector(), root));
        return 0;
    case "speed":
        Console.WriteLine(Speed.Report(Detector()));
        return 0;
    case "errors":
        // What the held-out families get wrong, for whoever works on the grammars.
        var judge = Detector();
        foreach (var (sample, isHeldOut) in Corpus.Evaluation(root).Where(s => s.IsHeldOut))
        {
            var found = judge.Judge(sample.Text, InjectionSource.User);
            if (isHeldOut && found.Score >= InjectionThresholds.Standard != sample.IsAttack) Console.WriteLine($"{sample.Family} {found.Score:0.00} {string.Join(',', found.Rules)} {sample.Text.ReplaceLineEndings(" ")}");
        }
        return 0;
    case "policy":
        Console.WriteLine(PolicyReport.Of(root, args.Contains("--errors")));
        return 0;
    case "judge":
        // One text a line from standard input ("doc: " before those of documents), for a set that is not part of this repository.
        var detector = Detector();
        while (Console.ReadLine() is { } line)
        {
            var isDocument = line.StartsWith("doc: ", StringComparison.Ordinal);
            var verdict = detector.Judge((isDocument ? line[5..] : line).Replace("\\n", "\n", StringComparison.Ordinal), isDocument ? InjectionSource.Document : InjectionSource.User);
            Console.WriteLine($"{verdict.Score:0.000} {verdict.ClassifierScore:0.000} {string.Join(',', verdict.Rules)} {line[..Math.Min(line.Length, 100)]}");
        }
        return 0;
    default:
        Console.Error.WriteLine("usage: train | evaluate | speed | errors | policy | judge");
        return 2;
}

InjectionDetector Detector() => new(rules, LinearClassifier.Parse(File.ReadAllText(weightsFile)));
