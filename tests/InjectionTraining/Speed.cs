using System.Diagnostics;
using System.Globalization;
using System.Text;
using AspireGateway.Gateway.Guardrails.Injection;

namespace AspireGateway.InjectionTraining;

/// <summary>Times the detector on one thread and writes the figures as Markdown.</summary>
internal static class Speed
{
    private const int Warm = 300, Most = 2000;
    private const double Seconds = 2;

    /// <summary>The table.</summary>
    public static string Report(InjectionDetector detector)
    {
        var text = new StringBuilder("| Text | p50 µs | p99 µs | runs |\n|---|---|---|---|\n");
        var prose = Prose(100_000);
        (string Name, string Text)[] texts =
        [
            ("ordinary, 2 KB", prose[..2_000]), ("ordinary, 20 KB", prose[..20_000]), ("ordinary, 100 KB", prose),
            ("100 KB of one word", Repeat("ignore previous instructions ", 100_000)), ("100 KB without a space", Repeat("ignoreallprevious", 100_000)),
            ("100 KB of single letters", Repeat("i g n o r e ", 100_000)), ("100 KB of base64", Convert.ToBase64String(Encoding.UTF8.GetBytes(prose[..75_000]))),
            ("100 KB of escapes", Repeat("\\u0069%69&#105;", 100_000)), ("100 KB of look-alikes", Repeat("іgnоrе аll ", 100_000)), ("100 KB of rot13", Repeat("vtaber nyy cerivbhf ehyrf ", 100_000)),
            ("100 KB of signs", Repeat("<|[/#{", 100_000)),
        ];
        foreach (var (name, sample) in texts)
        {
            for (var i = 0; i < Warm && i * sample.Length < 20_000_000; i++) detector.Judge(sample, InjectionSource.User);
            var times = new List<double>();
            var began = Stopwatch.GetTimestamp();
            while (times.Count < Most && (times.Count < 20 || Stopwatch.GetElapsedTime(began).TotalSeconds < Seconds))
            {
                var start = Stopwatch.GetTimestamp();
                detector.Judge(sample, InjectionSource.User);
                times.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            }
            times.Sort();
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {times[times.Count / 2]:0} | {times[(int)(times.Count * 0.99)]:0} | {times.Count} |\n");
        }
        return text.ToString();
    }

    private static string Prose(int length)
    {
        var (random, grammar) = (new SplitMix(5), Grammar.Read("benign"));
        var office = grammar.Families.First(family => family.Name == "office");
        var text = new StringBuilder();
        while (text.Length < length) text.Append(grammar.Make(office, random)).Append(text.Length % 7 == 0 ? "\n\n" : " ");
        return text.ToString(0, length).Replace("\u00E9", "e", StringComparison.Ordinal);
    }

    private static string Repeat(string piece, int length) => string.Concat(Enumerable.Repeat(piece, length / piece.Length + 1))[..length];
}
