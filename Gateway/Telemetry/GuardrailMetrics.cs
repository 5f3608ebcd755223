using System.Collections.Concurrent;

namespace AspireGateway.Gateway.Telemetry;

/// <summary>What guardrails found and where they failed. Labels are names of guardrails and actions, never anything of a text.</summary>
internal sealed class GuardrailMetrics
{
    private readonly ConcurrentDictionary<(string Guardrail, string Action, string Direction), Counter> findings = new();
    private readonly ConcurrentDictionary<string, Counter> blocks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Counter> failures = new(StringComparer.Ordinal);

    /// <summary>Findings by guardrail, action and direction.</summary>
    public IReadOnlyCollection<KeyValuePair<(string Guardrail, string Action, string Direction), Counter>> Findings => findings;

    /// <summary>Requests and replies that were not let through.</summary>
    public IReadOnlyCollection<KeyValuePair<string, Counter>> Blocks => blocks;

    /// <summary>Times that a guardrail could not look to the end.</summary>
    public IReadOnlyCollection<KeyValuePair<string, Counter>> Failures => failures;

    /// <summary>Counts findings.</summary>
    public void Found(string guardrail, string action, bool isReply, int count) =>
        findings.GetOrAdd((guardrail, action, isReply ? "reply" : "prompt"), static _ => new Counter()).Add(count);

    /// <summary>Counts a request or reply that was not let through.</summary>
    public void Blocked(string guardrail) => blocks.GetOrAdd(guardrail, static _ => new Counter()).Add(1);

    /// <summary>Counts a failure.</summary>
    public void Failed(string guardrail) => failures.GetOrAdd(guardrail, static _ => new Counter()).Add(1);
}
