using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Guardrails.Injection;

namespace AspireGateway.InjectionTraining;

/// <summary>Measures a detector and writes the figures as Markdown.</summary>
internal static class Evaluation
{
    /// <summary>Share of samples that reach a threshold, 0 to 1.</summary>
    public static double Caught(InjectionDetector detector, IReadOnlyCollection<Sample> samples, double threshold) =>
        samples.Count == 0 ? 0 : (double)samples.Count(sample => detector.Judge(sample.Text, SourceOf(sample)).Score >= threshold) / samples.Count;

    /// <summary>All tables.</summary>
    public static string Report(InjectionDetector detector, string root)
    {
        var samples = Corpus.Evaluation(root);
        var text = new StringBuilder("| Texts | flag | strict | standard | count |\n|---|---|---|---|---|\n");
        Row(text, "attacks, families seen in training (other draws)", detector, samples, s => s.Sample.IsAttack && !s.IsHeldOut);
        Row(text, "**attacks, families held out**", detector, samples, s => s.Sample.IsAttack && s.IsHeldOut);
        Row(text, "ordinary, families seen in training (other draws)", detector, samples, s => s.Sample.Kind == "ordinary" && !s.IsHeldOut);
        Row(text, "**ordinary, families held out**", detector, samples, s => s.Sample.Kind == "ordinary" && s.IsHeldOut);
        Row(text, "security and role play, families seen in training (other draws)", detector, samples, s => s.Sample.Kind == "talk" && !s.IsHeldOut);
        Row(text, "**security and role play, families held out**", detector, samples, s => s.Sample.Kind == "talk" && s.IsHeldOut);
        text.Append("\n| Family | flag | strict | standard | count |\n|---|---|---|---|---|\n");
        foreach (var family in samples.Select(s => s.Sample.Family).Distinct().ToList()) Row(text, family, detector, samples, s => s.Sample.Family == family);
        text.Append("\n| Disguise of `override_en` and `heldout_override` | flag | strict | standard | count |\n|---|---|---|---|---|\n");
        var plain = samples.Where(s => s.Sample.Family is "override_en" or "heldout_override").ToList();
        foreach (var (name, apply) in Disguise.All)
            Row(text, name, detector, [.. plain.Select(s => (s.Sample with { Text = apply(s.Sample.Text) }, s.IsHeldOut))], _ => true);
        return text.ToString();
    }

    private static void Row(StringBuilder text, string name, InjectionDetector detector, IReadOnlyList<(Sample Sample, bool IsHeldOut)> samples, Func<(Sample Sample, bool IsHeldOut), bool> which)
    {
        var chosen = samples.Where(which).Select(s => s.Sample).ToList();
        var scores = chosen.Select(sample => detector.Judge(sample.Text, SourceOf(sample)).Score).ToList();
        string Share(double threshold) => (100.0 * scores.Count(score => score >= threshold) / Math.Max(1, scores.Count)).ToString("0.0", CultureInfo.InvariantCulture) + " %";
        text.Append(CultureInfo.InvariantCulture, $"| {name} | {Share(InjectionThresholds.Flag)} | {Share(InjectionThresholds.Strict)} | {Share(InjectionThresholds.Standard)} | {chosen.Count} |\n");
    }

    private static InjectionSource SourceOf(Sample sample) => sample.Family.Contains("indirect", StringComparison.Ordinal) ? InjectionSource.Document : InjectionSource.User;
}
