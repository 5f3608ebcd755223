using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.State.Steering;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.GuardrailReport;

/// <summary>Times what a request goes through: its body is read, and all guardrails look at its texts at <c>standard</c>, or only those for secrets, as new organisations have it.</summary>
internal static class ScreenReport
{
    private const int MaxDepth = 64, WarmUps = 300, Rounds = 3000, LongRounds = 100;

    private static readonly GuardrailRule On = new() { Level = GuardrailLevels.Standard, Action = GuardrailActions.Flag };

    private static readonly (string Name, GuardrailSettings Settings)[] Policies =
    [
        ("secrets", new() { Secrets = On }),
        ("personal data", new() { PersonalData = On }),
        ("prompt injection", new() { PromptInjection = On }),
        ("harmful content", new() { ContentPolicy = On }),
        ("50 words and 10 patterns of one's own", new() { BannedPatterns = Own }),
        ("all five", new() { Secrets = On, PersonalData = On, PromptInjection = On, ContentPolicy = On, BannedPatterns = Own }),
    ];

    private static GuardrailRule Own => On with
    {
        Words = [.. Enumerable.Range(0, 50).Select(i => $"codename{i}")], Patterns = [.. Enumerable.Range(0, 10).Select(i => $"PRJ{i}-[0-9]{{4}}")],
    };

    /// <summary>Prints the table.</summary>
    public static void Write(TextWriter output)
    {
        var prompts = PersonalDataCorpus.Make().Select(text => text.Text).ToList();
        var plain = string.Join("\n", prompts.Take(400));
        output.WriteLine("| policy | 2 KB, p50 µs | p99 µs | bytes allocated | 100 KB, p50 µs |\n| --- | --- | --- | --- | --- |");
        foreach (var (name, settings) in Policies)
        {
            var rules = new GuardrailPolicies([new GuardrailRow(GuardrailScopes.Organisation, null, settings)]).For("team", "key", "model");
            var (p50, p99, bytes) = Time(rules, Body(plain, 2_000), Rounds);
            var (long50, _, _) = Time(rules, Body(plain, 100_000), LongRounds);
            output.WriteLine($"| {name} | {p50:0} | {p99:0} | {bytes} | {long50:0} |");
        }
    }

    private static byte[] Body(string text, int length)
    {
        var repeated = string.Concat(Enumerable.Repeat(text, 1 + length / text.Length))[..length];
        return Encoding.UTF8.GetBytes($$"""{"model":"m","messages":[{"role":"user","content":{{JsonSerializer.Serialize(repeated)}} }]}""");
    }

    private static (double P50, double P99, long Bytes) Time(ActiveRule[] rules, byte[] body, int rounds)
    {
        var times = new double[rounds];
        var (screen, allocated) = (new TextScreen(TimeProvider.System, new()), 0L);
        for (var i = -WarmUps; i < rounds; i++)
        {
            if (i == 0) allocated = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            using (var scratch = ScreenScratch.Take())
            {
                if (!BodyTextReader.TryRead(body, MaxDepth, scratch.Texts) || screen.Look(scratch, new Screened(rules), isReply: false) is { HasFailed: true }) throw new InvalidOperationException("A guardrail failed.");
            }
            if (i >= 0) times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Array.Sort(times);
        return (times[rounds / 2], times[(int)(rounds * 0.99)], allocated / rounds);
    }
}
