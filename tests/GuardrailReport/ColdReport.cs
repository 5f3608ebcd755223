using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Guardrails;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Policies;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.GuardrailReport;

/// <summary>Times the first requests of a process under all guardrails with lists of their own, with the warm-up before them or without.</summary>
internal static class ColdReport
{
    private const int MaxDepth = 64;

    /// <summary>Prints the times of the first five requests.</summary>
    public static void Write(TextWriter output, bool isWarm)
    {
        var on = new GuardrailRule { Level = GuardrailLevels.Standard };
        var settings = new GuardrailSettings { Secrets = on, PersonalData = on, PromptInjection = on with { Action = GuardrailActions.Flag }, ContentPolicy = on with { Action = GuardrailActions.Flag } };
        // Not by policies, which would begin the warm-up themselves.
        ActiveRule[] rules = [.. GuardrailModules.All.Select(guardrail => ActiveRule.Of(guardrail, settings.RuleOf(guardrail.Name))).OfType<ActiveRule>()];
        if (isWarm) Parallel.ForEach(rules, WarmUp.Run);
        var text = string.Join(' ', PersonalDataCorpus.Make().Take(20).Select(one => one.Text))[..2_000];
        var body = Encoding.UTF8.GetBytes($$"""{"model":"m","messages":[{"role":"user","content":{{JsonSerializer.Serialize(text)}} }]}""");
        for (var i = 1; i <= 5; i++)
        {
            var start = Stopwatch.GetTimestamp();
            using (var scratch = ScreenScratch.Take())
            {
                BodyTextReader.TryRead(body, MaxDepth, scratch.Texts);
                new TextScreen(TimeProvider.System, new()).Look(scratch, new Screened(rules), isReply: false);
                BodyMask.Write(body, scratch.Texts, scratch.Replacements, new ArrayBufferWriter<byte>(body.Length));
            }
            output.WriteLine($"request {i}: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0.0} ms");
        }
    }
}
