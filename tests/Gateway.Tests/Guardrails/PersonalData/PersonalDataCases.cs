using System.Text;
using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.PersonalData;

namespace AspireGateway.Gateway.Tests.Guardrails.PersonalData;

/// <summary>Reads the cases of one type: a line begins with + and marks with «» what must be found, or with - and holds nothing of the type.</summary>
internal static class PersonalDataCases
{
    private static readonly PersonalDataDetector Detector = new();

    /// <summary>How many cases a file has, and what the detector got wrong in them.</summary>
    public static (int Positives, int Negatives, List<string> Faults) Check(string type)
    {
        var (positives, negatives) = (0, 0);
        var faults = new List<string>();
        foreach (var line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "PersonalData", type + ".txt")))
        {
            if (line.StartsWith("+ ", StringComparison.Ordinal)) positives++;
            else if (line.StartsWith("- ", StringComparison.Ordinal)) negatives++;
            else throw new FormatException($"A line of {type}.txt is neither: {line}");
            var (text, expected) = Unmark(line[2..].Replace("\\n", "\n", StringComparison.Ordinal));
            var found = Found(text, type);
            if (string.Join('|', found) != string.Join('|', expected)) faults.Add($"{line} => {string.Join('|', found)}");
        }
        return (positives, negatives, faults);
    }

    /// <summary>What is found of one type when all kinds are looked for.</summary>
    public static List<string> Found(string text, string type)
    {
        var findings = new FindingList();
        Detector.Find(text, PersonalDataKinds.All, PersonalDataDetector.DefaultThreshold, findings);
        var found = new List<string>();
        foreach (var finding in findings.All)
            if (finding.Type == type) found.Add(text.Substring(finding.Start, finding.Length));
        return found;
    }

    private static (string Text, List<string> Marked) Unmark(string marked)
    {
        var (text, found) = (new StringBuilder(), new List<string>());
        var start = -1;
        foreach (var c in marked)
        {
            if (c == '«') start = text.Length;
            else if (c == '»')
            {
                found.Add(text.ToString(start, text.Length - start));
                start = -1;
            }
            else text.Append(c);
        }
        return (text.ToString(), found);
    }
}
