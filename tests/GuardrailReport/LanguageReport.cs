using System.Diagnostics;
using AspireGateway.Gateway.Guardrails.PromptLimits.Languages;

namespace AspireGateway.GuardrailReport;

/// <summary>Measures how often a text's language is told, is taken for another, or stays unknown, by the number of sentences, and how long telling takes.</summary>
internal static class LanguageReport
{
    private const int MostSentences = 3, SpeedCharacters = 2048, Rounds = 2000;

    /// <summary>Prints the tables.</summary>
    public static void Write(TextWriter output)
    {
        var languages = Read();
        output.WriteLine("| language | sentences | " + string.Join(" | ", Enumerable.Range(1, MostSentences).Select(n => $"told of {n}")) + " | taken for another |\n| --- | --- | --- | --- | --- | --- |");
        var (texts, told, wrong) = (new int[MostSentences], new int[MostSentences], new int[MostSentences]);
        foreach (var (language, sentences) in languages)
        {
            var (cells, mistaken) = (new string[MostSentences], new List<string>());
            for (var n = 1; n <= MostSentences; n++)
            {
                var right = 0;
                for (var i = 0; i < sentences.Length; i++)
                {
                    var text = string.Join(' ', Enumerable.Range(i, n).Select(at => sentences[at % sentences.Length]));
                    var guess = LanguageDetector.Detect(text).Language;
                    texts[n - 1]++;
                    if (guess == language) right++;
                    else if (guess is not null)
                    {
                        wrong[n - 1]++;
                        mistaken.Add(guess);
                    }
                }
                told[n - 1] += right;
                cells[n - 1] = $"{right}";
            }
            output.WriteLine($"| {language} | {sentences.Length} | {string.Join(" | ", cells)} | {string.Join(", ", mistaken.GroupBy(other => other, StringComparer.Ordinal).Select(group => $"{group.Key} {group.Count()}"))} |");
        }
        output.WriteLine($"| all | {texts[0]} | {string.Join(" | ", told.Select((right, i) => $"{100.0 * right / texts[i]:0.0} %"))} | {string.Join(" / ", wrong.Select((count, i) => $"{100.0 * count / texts[i]:0.0} %"))} |");
        output.WriteLine();
        output.WriteLine("| 2 KB of | p50 µs |\n| --- | --- |");
        foreach (var (language, sentences) in languages.Where(l => l.Language is "en" or "de" or "vi" or "ru" or "hi" or "zh"))
        {
            var text = string.Concat(Enumerable.Repeat(string.Join(' ', sentences) + " ", SpeedCharacters))[..SpeedCharacters];
            output.WriteLine($"| {language} | {MedianOf(text):0} |");
        }
    }

    private static double MedianOf(string text)
    {
        var times = new double[Rounds];
        for (var i = -Rounds; i < Rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            LanguageDetector.Detect(text);
            if (i >= 0) times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
        Array.Sort(times);
        return times[Rounds / 2];
    }

    private static List<(string Language, string[] Sentences)> Read()
    {
        using var stream = typeof(LanguageReport).Assembly.GetManifestResourceStream("Languages/sentences.txt") ?? throw new InvalidOperationException("The sentences are missing.");
        using var reader = new StreamReader(stream);
        return [.. reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => line[0] != '#').Select(line => (line[..2], line[3..].Trim().Split('|')))];
    }
}
