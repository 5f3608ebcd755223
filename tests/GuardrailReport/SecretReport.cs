using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Secrets;

namespace AspireGateway.GuardrailReport;

/// <summary>Recall of the secret detector on made-up secrets in the places where they leak, and the share of look-alikes that it reports.</summary>
internal static class SecretReport
{
    private const int Fillings = 40, Seed = 7;

    /// <summary>Prints the tables.</summary>
    public static void Write(TextWriter output)
    {
        var random = new Random(Seed);
        output.WriteLine("| kind | texts | found |\n| --- | --- | --- |");
        var (all, found) = (0, 0);
        foreach (var (kind, secret) in SecretCorpus.Secrets)
        {
            var hits = 0;
            for (var i = 0; i < Fillings; i++)
            {
                var value = SecretCorpus.Fill(secret, random);
                var place = SecretCorpus.Places[random.Next(SecretCorpus.Places.Length)];
                var text = (kind.Contains("context", StringComparison.Ordinal) ? SecretCorpus.Named(kind) : place).Replace("{SECRET}", value, StringComparison.Ordinal);
                var start = text.IndexOf(value, StringComparison.Ordinal);
                if (Find(text).Any(finding => Math.Min(finding.End, start + value.Length) - Math.Max(finding.Start, start) > value.Length / 2 || (finding.Start >= start && finding.End <= start + value.Length))) hits++;
            }
            output.WriteLine($"| {kind} | {Fillings} | {(double)hits / Fillings:0.000} |");
            (all, found) = (all + Fillings, found + hits);
        }
        output.WriteLine($"| all | {all} | {(double)found / all:0.000} |");

        var (looks, flagged) = (0, 0);
        foreach (var look in SecretCorpus.LookAlikes)
            for (var i = 0; i < Fillings; i++)
            {
                var text = SecretCorpus.Fill(look, random);
                looks++;
                if (Find(text) is not [var first, ..]) continue;
                flagged++;
                if (i == 0) Console.Error.WriteLine($"look-alike reported: {first.Type} {text.Substring(first.Start, first.Length)} in {text}");
            }
        output.WriteLine($"\n{looks} texts with look-alikes; {(double)flagged / looks:0.0000} of them have a finding.");
    }

    private static Finding[] Find(string text)
    {
        var findings = new FindingList();
        new SecretDetector().Find(text, findings);
        return findings.All.ToArray();
    }
}
