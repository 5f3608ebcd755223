using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Secrets;

namespace AspireGateway.Gateway.Tests.Guardrails.Secrets;

/// <summary>Builds texts with secrets from templates whose random parts are made when the test runs, so that the source holds nothing that looks like a key.</summary>
internal static class SecretCases
{
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", Lower = "abcdefghijklmnopqrstuvwxyz", Digits = "0123456789";

    private static readonly SecretDetector Detector = new();

    /// <summary>The lines of the file, without comments.</summary>
    public static IEnumerable<string> Lines() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Golden", "Secrets", "cases.txt")).Where(line => line.Length > 0 && line[0] != '#');

    /// <summary>A template with its random parts filled.</summary>
    public static string Fill(string template, Random random)
    {
        var text = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            var close = template[i] == '{' ? template.IndexOf('}', i) : -1;
            if (close > i + 2 && AlphabetOf(template[i + 1]) is { } alphabet && int.TryParse(template.AsSpan(i + 2, close - i - 2), CultureInfo.InvariantCulture, out var count))
            {
                for (var k = 0; k < count; k++)
                {
                    // The first may not be a sign, and one digit is in each.
                    var from = k == count / 2 && count > 2 ? Digits : k == 0 || k == count - 1 ? alphabet[..Math.Min(alphabet.Length, 36)] : alphabet;
                    text.Append(from[random.Next(from.Length)]);
                }
                i = close;
            }
            else text.Append(template[i]);
        }
        return text.ToString();
    }

    /// <summary>What is found.</summary>
    public static Finding[] Find(string text)
    {
        var findings = new FindingList();
        Detector.Find(text, findings);
        return findings.All.ToArray();
    }

    /// <summary>What is wrong with a line; null for nothing.</summary>
    public static string? Fault(string line, Random random)
    {
        var filled = Fill(line[2..].Replace("\\\\n", "\u0001", StringComparison.Ordinal).Replace("\\n", "\n", StringComparison.Ordinal).Replace("\u0001", "\\n", StringComparison.Ordinal), random);
        if (line[0] == '-') return Find(filled) is [var wrong, ..] ? $"{line} => {wrong.Type} {filled.Substring(wrong.Start, wrong.Length)}" : null;
        var space = filled.IndexOf(' ', StringComparison.Ordinal);
        var (type, marked) = (filled[..space], filled[(space + 1)..]);
        var start = marked.IndexOf('«', StringComparison.Ordinal);
        var end = marked.IndexOf('»', StringComparison.Ordinal) - 1;
        var text = marked.Replace("«", "", StringComparison.Ordinal).Replace("»", "", StringComparison.Ordinal);
        var found = Find(text);
        return found is [var one] && one.Type == type && one.Start == start && one.End == end ? null : $"{line} => {string.Join(", ", found.Select(f => $"{f.Type} {text.Substring(f.Start, f.Length)}"))}";
    }

    private static string? AlphabetOf(char letter) => letter switch
    {
        'w' => Digits + Upper + Lower,
        'h' => Digits + "abcdef",
        'u' => Upper + Digits,
        'l' => Lower + Digits,
        's' => Digits + Upper + Lower + "-_",
        'b' => Digits + Upper + Lower + "+/",
        'd' => "123456789",
        _ => null,
    };
}
