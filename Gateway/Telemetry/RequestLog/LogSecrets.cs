using System.Text;
using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Secrets;

namespace AspireGateway.Gateway.Telemetry.RequestLog;

/// <summary>Takes keys, tokens and passwords out of what goes into a log: people put them into headers that are meant for names. Not for several threads.</summary>
internal sealed class LogSecrets
{
    // No secret is shorter.
    private const int Shortest = 8;

    private readonly SecretDetector detector = new();
    private readonly FindingList findings = new();

    /// <summary>The text with each secret's type in its place, or the text itself.</summary>
    public string Strip(string text)
    {
        if (text.Length < Shortest) return text;
        findings.Clear();
        detector.Find(text, findings);
        if (findings.Count == 0) return text;
        var stripped = new StringBuilder(text.Length);
        var at = 0;
        foreach (var finding in findings.All)
        {
            stripped.Append(text, at, finding.Start - at).Append('<').Append(finding.Type).Append('>');
            at = finding.End;
        }
        return stripped.Append(text, at, text.Length - at).ToString();
    }
}
