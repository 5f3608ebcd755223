using System.Collections.Concurrent;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Telemetry;

/// <summary>
/// The figures behind <c>/metrics</c>. One look-up per request finds the series of its labels; their values come from the configuration, never from the
/// caller, and their number is bounded.
/// </summary>
internal sealed class GatewayMetrics
{
    private const int MaxSeries = 20_000;
    private static readonly RequestLabels Other = new("other", "other", "other", "other", "other");

    private readonly ConcurrentDictionary<RequestLabels, RequestSeries> requests = new();
    private readonly ConcurrentDictionary<(string ErrorType, string Provider), Counter> errors = new();

    /// <summary>Series of finished requests.</summary>
    public IReadOnlyCollection<KeyValuePair<RequestLabels, RequestSeries>> Requests => requests;

    /// <summary>Errors by code and provider.</summary>
    public IReadOnlyCollection<KeyValuePair<(string ErrorType, string Provider), Counter>> Errors => errors;

    /// <summary>Requests that cost more than was held for them under the exact policy: a bound that is none.</summary>
    public Counter HoldExceeded { get; } = new();

    /// <summary>Replies that named another version than the pinned one.</summary>
    public Counter PinMismatches { get; } = new();

    /// <summary>Second attempts beside slow first ones.</summary>
    public Reliability.Hedging.HedgeCounters Hedges { get; } = new();

    /// <summary>Answers that gates of cascades looked at, by what they said: <c>passed</c>, or the check that led on.</summary>
    public ConcurrentDictionary<string, Counter> Gates { get; } = new(StringComparer.Ordinal);

    /// <summary>Lines of the request log that were dropped because too many waited for the disk.</summary>
    public Counter LogLinesDropped { get; } = new();

    /// <summary>Lines of the request log that the disk refused.</summary>
    public Counter LogLinesFailed { get; } = new();

    /// <summary>What guardrails found and where they failed.</summary>
    public GuardrailMetrics Guardrails { get; } = new();

    /// <summary>How often the cache answered.</summary>
    public CacheMetrics Cache { get; } = new();

    /// <summary>Counts a finished request.</summary>
    public void Record(Exchange exchange, Spend spend, string status)
    {
        var candidate = exchange.Call.Standing?.Candidate ?? exchange.Call.InFlight
            ?? (exchange.Call.AttemptCount > 0 ? exchange.Call.Attempts[^1].Candidate : null);
        var labels = new RequestLabels(
            exchange.Plan?.Model.Name ?? "", candidate?.Deployment.Provider.Slug ?? "", candidate?.Deployment.Name ?? "", status, exchange.Caller?.Team.Slug ?? "");
        if (!requests.TryGetValue(labels, out var series))
            series = requests.GetOrAdd(requests.Count < MaxSeries ? labels : Other, static _ => new RequestSeries());

        var latency = exchange.ElapsedUs;
        series.Duration.Add(latency);
        series.Overhead.Add(Math.Max(0, latency - exchange.Call.UpstreamUs));
        if (exchange.Reply.FirstContentUs is { } firstContent && exchange.Request is { Stream: true }) series.TimeToFirstToken.Add(firstContent);
        series.Count.Add(1);
        series.InputTokens.Add(spend.Usage.TotalInput);
        series.OutputTokens.Add(spend.Usage.Output);
        series.CostNanoUsd.Add(spend.CostNanoUsd);
        if (status == UsageStatuses.Ok) return;
        var error = exchange.Refusal?.Code ?? (status == UsageStatuses.Aborted ? "caller_left" : "upstream_error");
        errors.GetOrAdd((error, labels.Provider), static _ => new Counter()).Add(1);
    }
}

/// <summary>Labels of a request's series.</summary>
/// <param name="Model">Resolved model; empty = none was resolved.</param>
/// <param name="Provider">Slug; empty = none was called.</param>
/// <param name="Deployment">Name; empty = none was called.</param>
/// <param name="Status">One of <see cref="UsageStatuses"/>.</param>
/// <param name="Team">Slug; empty = the caller was not identified.</param>
internal readonly record struct RequestLabels(string Model, string Provider, string Deployment, string Status, string Team);

/// <summary>The figures of one set of labels.</summary>
internal sealed class RequestSeries
{
    /// <summary>From arrival to the last byte.</summary>
    public Histogram Duration { get; } = new();

    /// <summary>From arrival to the first content of a stream.</summary>
    public Histogram TimeToFirstToken { get; } = new();

    /// <summary>What the gateway itself took.</summary>
    public Histogram Overhead { get; } = new();

    /// <summary>Requests.</summary>
    public Counter Count { get; } = new();

    /// <summary>Input tokens of all classes.</summary>
    public Counter InputTokens { get; } = new();

    /// <summary>Output tokens.</summary>
    public Counter OutputTokens { get; } = new();

    /// <summary>Cost in nano-USD.</summary>
    public Counter CostNanoUsd { get; } = new();
}

/// <summary>A number that only grows.</summary>
internal sealed class Counter
{
    private long value;

    /// <summary>The number.</summary>
    public long Value => Interlocked.Read(ref value);

    /// <summary>Adds to it.</summary>
    public void Add(long amount) => Interlocked.Add(ref value, amount);
}
