using AspireGateway.Gateway.Guardrails.Groundedness;

namespace AspireGateway.GuardrailReport;

/// <summary>How well statements that a context does not support are told from those that it does.</summary>
internal static class GroundingReport
{
    /// <summary>Prints the table.</summary>
    public static void Write(TextWriter output)
    {
        var cases = GroundingCorpus.Make().ToArray();
        output.WriteLine("| statement | texts | taken as supported, standard | strict |\n| --- | --- | --- | --- |");
        foreach (var kind in GroundingCorpus.Kinds)
        {
            var mine = cases.Where(each => each.Kind == kind).ToArray();
            output.WriteLine($"| {kind} | {mine.Length} | {ShareOf(mine, isStrict: false):0.000} | {ShareOf(mine, isStrict: true):0.000} |");
        }
        foreach (var isStrict in (bool[])[false, true])
        {
            var score = ScoreOf(cases, isStrict);
            output.WriteLine($"\nUnsupported statements at {(isStrict ? "strict" : "standard")}: precision {score.Precision:0.000}, recall {score.Recall:0.000}, F1 {score.F1:0.000}.");
        }
    }

    /// <summary>Counts: a positive is an unsupported statement.</summary>
    public static Score ScoreOf(IReadOnlyCollection<GroundingCase> cases, bool isStrict)
    {
        var score = new Score();
        foreach (var each in cases)
        {
            var isFound = !IsTakenAsSupported(each, isStrict);
            if (!each.IsSupported) score.Positives++;
            if (isFound && !each.IsSupported) score.Found++;
            if (isFound && each.IsSupported) score.Wrong++;
        }
        return score;
    }

    private static double ShareOf(GroundingCase[] cases, bool isStrict) => cases.Average(each => IsTakenAsSupported(each, isStrict) ? 1.0 : 0);

    private static bool IsTakenAsSupported(GroundingCase each, bool isStrict)
    {
        var scorer = new GroundednessScorer(isStrict);
        scorer.Add(each.Context);
        return scorer.Score(each.Statement).Share >= 1;
    }
}
