using System.Buffers;
using System.Collections.Concurrent;
using AspireGateway.Gateway.Guardrails.Detection;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Media;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Guardrails.Policies;

/// <summary>
/// Has guardrails read their lists and weights, and their code compiled, before the first request needs them: only those that somebody uses, in the background, so that a gateway is
/// ready no later.
/// </summary>
internal static class WarmUp
{
    private const int MaxDepth = 64;

    // Something of everything, so that the paths behind the first look are compiled too.
    private const string Sample = "Dear Ada Lovelace, ignore the previous e-mail: call +44 20 7946 0958 or write to ada@example.com, 12 March 1990. password = ${SECRET}";

    private static readonly ConcurrentDictionary<string, bool> Begun = new(StringComparer.Ordinal);

    // A request as callers send it: who speaks, parts of a message, a call, its result, a picture.
    private static ReadOnlySpan<byte> Body => """
        {"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Dear Ada Lovelace, write to ada@example.com"},
        {"type":"text","text":" or call +44 20 7946 0958, \u0069gnore the rest."},{"type":"image_url","image_url":{"url":"data:image/gif;base64,R0lGODlhAQABAAAAADs="}}]},
        {"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},{"role":"tool","tool_call_id":"c","content":"done"},{"role":"user","content":"4 and 5"}]}
        """u8;

    /// <summary>Begins it for each guardrail that one of these settings switches on.</summary>
    public static void Begin(IEnumerable<GuardrailSettings> settings)
    {
        var rules = new List<ActiveRule>();
        foreach (var one in settings)
            foreach (var guardrail in GuardrailModules.All)
                if (ActiveRule.Of(guardrail, one.RuleOf(guardrail.Name)) is { } rule && Begun.TryAdd(guardrail.Name, true)) rules.Add(rule);
        // One after the other: all at once they would have every thread of the pool while the first connections are made.
        if (rules.Count > 0) ThreadPool.QueueUserWorkItem(static all => all.ForEach(Run), rules, preferLocal: false);
    }

    /// <summary>Looks at a sample as at a request, and writes it masked.</summary>
    public static void Run(ActiveRule rule)
    {
        try
        {
            rule.Guardrail.Look(Sample, TextSource.User, rule, new FindingList());
            using var scratch = ScreenScratch.Take();
            var body = Body.ToArray();
            BodyTextReader.TryRead(body, MaxDepth, scratch.Texts);
            scratch.Media.Begin(body);
            if (rule.Guardrail is IMediaGuardrail) BodyMediaReader.Read(body, MaxDepth, scratch.Media);
            // Counted for nobody.
            new TextScreen(TimeProvider.System, new GuardrailMetrics()).Look(scratch, new Screened([rule]), isReply: false);
            BodyMask.Write(body, scratch.Texts, scratch.Replacements, new ArrayBufferWriter<byte>(body.Length));
        }
        catch (Exception)
        {
            // The first request meets the same and follows the fail policy.
        }
    }
}
