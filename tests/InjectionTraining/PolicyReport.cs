using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Guardrails.ContentPolicy;
using AspireGateway.Gateway.Guardrails.Detection;

namespace AspireGateway.InjectionTraining;

/// <summary>Measures the content policy's lexicons on the labelled cases and writes the figures as Markdown.</summary>
internal static class PolicyReport
{
    /// <summary>The table; with errors also the cases that are told wrong.</summary>
    public static string Of(string root, bool withErrors)
    {
        var (text, errors) = (new StringBuilder("| Category | found | of | false | of |\n|---|---|---|---|---|\n"), new StringBuilder());
        var findings = new FindingList();
        var (category, hits, all, wrong, ordinary) = ("", 0, 0, 0, 0);
        foreach (var line in File.ReadLines(Path.Combine(root, "tests", "Gateway.Tests", "Golden", "ContentPolicy", "cases.txt")).Append("["))
        {
            if (line.StartsWith('['))
            {
                if (category.Length > 0) text.Append(CultureInfo.InvariantCulture, $"| {category} | {hits} | {all} | {wrong} | {ordinary} |\n");
                (category, hits, all, wrong, ordinary) = (line.Trim('[', ']'), 0, 0, 0, 0);
            }
            if (line.Length < 3 || line[0] is not ('+' or '-')) continue;
            findings.Clear();
            ContentPolicyDetector.Default.Find(line.AsSpan(2), findings);
            var score = findings.All.ToArray().Where(finding => finding.Type == category).Select(finding => finding.Score).DefaultIfEmpty(0).Max();
            var isFound = score >= ContentPolicyDetector.Standard;
            if (line[0] == '+') (hits, all) = (hits + (isFound ? 1 : 0), all + 1);
            else (wrong, ordinary) = (wrong + (isFound ? 1 : 0), ordinary + 1);
            if (isFound != (line[0] == '+')) errors.Append(CultureInfo.InvariantCulture, $"{category} {score:0.00} {line}\n");
        }
        return withErrors ? text.Append('\n').Append(errors).ToString() : text.ToString();
    }
}
