using System.Diagnostics;
using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.PersonalData;
using AspireGateway.Gateway.Guardrails.Secrets;

namespace AspireGateway.GuardrailReport;

/// <summary>Times both detectors together on texts of several lengths and on texts that are made to hurt. On a machine with other work the processor time, of the whole process, says more than the clock.</summary>
internal static class SpeedReport
{
    private const int WarmUps = 200, Rounds = 2000, LongRounds = 60;

    private static readonly (string Name, string Unit)[] Adversarial =
    [
        ("digits in pairs", "12 "), ("one row of digits", "7"), ("at signs", "a@"), ("dots", "1."), ("hexadecimal", "af09"), ("colons", "::a:"), ("nested separators", "(+(0)-1/2."), ("capitals", "Anna Brown "), ("names of secrets", "password token "), ("token beginnings", "sk-eyJ"), ("addresses", "12 Main Street, "),
    ];

    /// <summary>Prints the table.</summary>
    public static void Write(TextWriter output)
    {
        var prompt = string.Join("\n", PersonalDataCorpus.Make().Take(400).Select(text => text.Text));
        output.WriteLine("| text | characters | p50 µs | p99 µs | processor µs, mean |\n| --- | --- | --- | --- | --- |");
        foreach (var length in (int[])[2_000, 20_000, 100_000])
        {
            var text = string.Concat(Enumerable.Repeat(prompt, 1 + length / prompt.Length))[..length];
            Time(output, $"prompts, {length / 1000} KB", text, length < 10_000 ? Rounds : LongRounds);
        }
        foreach (var (name, unit) in Adversarial) Time(output, name, string.Concat(Enumerable.Repeat(unit, 1 + 100_000 / unit.Length))[..100_000], LongRounds);
    }

    private static void Time(TextWriter output, string name, string text, int rounds)
    {
        var (data, secrets, findings) = (new PersonalDataDetector(), new SecretDetector(), new FindingList());
        var times = new double[rounds];
        var processor = TimeSpan.Zero;
        for (var i = -Math.Min(rounds, WarmUps); i < rounds; i++)
        {
            if (i == 0) processor = Environment.CpuUsage.TotalTime;
            findings.Clear();
            var start = Stopwatch.GetTimestamp();
            data.Find(text, PersonalDataKinds.All, PersonalDataDetector.DefaultThreshold, findings);
            findings.Clear();
            secrets.Find(text, findings);
            if (i >= 0) times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
        processor = Environment.CpuUsage.TotalTime - processor;
        Array.Sort(times);
        output.WriteLine($"| {name} | {text.Length} | {times[rounds / 2]:0} | {times[(int)(rounds * 0.99)]:0} | {processor.TotalMicroseconds / rounds:0} |");
    }
}
