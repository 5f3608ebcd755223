using System.Diagnostics.CodeAnalysis;
using System.Text;
using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Secrets;

namespace AspireGateway.Gateway.Telemetry;

/// <summary>Takes keys, tokens and passwords out of what goes into logs and traces: people put them into headers that are meant for names.</summary>
internal static class SinkSecrets
{
    // No secret is shorter.
    private const int Shortest = 8;

    private static readonly SecretDetector Detector = new();

    [ThreadStatic]
    private static FindingList? found;

    /// <summary>The text with each secret's type in its place, or the text itself.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Strip(string? text)
    {
        if (text is null || text.Length < Shortest) return text;
        var findings = found ??= new();
        findings.Clear();
        Detector.Find(text, findings);
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
