using AspireGateway.Shared.Contracts;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Requests;

/// <summary>A request in the log.</summary>
public record RequestRow
{
    /// <summary>Id of its usage record, UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it arrived.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The caller's request id, or the gateway's.</summary>
    public required string RequestId { get; init; }

    /// <summary>The key's team.</summary>
    public required Guid TeamId { get; init; }

    /// <summary>The team's name; null = deleted since.</summary>
    public string? TeamName { get; init; }

    /// <summary>The key.</summary>
    public required Guid KeyId { get; init; }

    /// <summary>The key's name; null = deleted since.</summary>
    public string? KeyName { get; init; }

    /// <summary>The end user that the caller named.</summary>
    public string? UserId { get; init; }

    /// <summary>The feature it is booked on.</summary>
    public string? Feature { get; init; }

    /// <summary>The agent that the caller named.</summary>
    public string? Agent { get; init; }

    /// <summary>The gateway's operation.</summary>
    public required string Route { get; init; }

    /// <summary>Task label.</summary>
    public string? Task { get; init; }

    /// <summary>The model that was asked for and resolved.</summary>
    public string? Model { get; init; }

    /// <summary>Slug of the provider that served, or failed last.</summary>
    public string? Provider { get; init; }

    /// <summary>Name of the deployment that served, or failed last.</summary>
    public string? Deployment { get; init; }

    /// <summary>The model that the provider says it used.</summary>
    public string? ServedModel { get; init; }

    /// <summary>Deployments tried, in order.</summary>
    public required IReadOnlyList<string> FallbackChain { get; init; }

    /// <summary>Input tokens outside every cache.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Input tokens read from the provider's cache.</summary>
    public required long CacheReadTokens { get; init; }

    /// <summary>Input tokens written to the provider's cache.</summary>
    public required long CacheWriteTokens { get; init; }

    /// <summary>Output tokens, reasoning included.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>The part of the output that was reasoning.</summary>
    public required long ReasoningTokens { get; init; }

    /// <summary>What was used besides tokens, and named parts of the token classes; null = nothing.</summary>
    public RecordedUnits? Units { get; init; }

    /// <summary>The service tier that the provider says it served with; null = none was named.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Mean of the votes on its reply, 0 to 1; null = there is none.</summary>
    public float? Feedback { get; init; }

    /// <summary>From arrival to the last byte, in microseconds.</summary>
    public required long LatencyUs { get; init; }

    /// <summary>From arrival to the first byte of content, in microseconds; null = there was none.</summary>
    public long? TtftUs { get; init; }

    /// <summary>What the gateway itself added, in microseconds.</summary>
    public required long OverheadUs { get; init; }

    /// <summary>How it ended; of <see cref="UsageStatuses"/>.</summary>
    public required string Status { get; init; }

    /// <summary>HTTP status that the caller got.</summary>
    public required int StatusCode { get; init; }

    /// <summary>Error code, where there was one.</summary>
    public string? Error { get; init; }

    /// <summary>Cost in nano-USD.</summary>
    public required long CostNanoUsd { get; init; }

    /// <summary>Whether tokens and cost are estimates.</summary>
    public required bool Estimated { get; init; }

    /// <summary>Whether a stream was asked for.</summary>
    public required bool Streamed { get; init; }

    /// <summary>Cache that answered; null = none.</summary>
    public string? CacheHit { get; init; }

    /// <summary>What an answer from the cache would have cost, as it did when it was made, in nano-USD; null = the cache did not answer.</summary>
    public long? SavedNanoUsd { get; init; }

    /// <summary>How much sooner an answer from the cache came than when it was made, in microseconds; null likewise.</summary>
    public long? SavedUs { get; init; }

    /// <summary>Guardrails that found something.</summary>
    public required IReadOnlyList<string> GuardrailsTriggered { get; init; }

    /// <summary>Version of the price that the cost was computed with; null = none was set.</summary>
    public Guid? PriceVersionId { get; init; }
}

/// <summary>A request with all that is known of it; never its content.</summary>
public sealed record RequestDetails
{
    /// <summary>Votes on its reply, by name.</summary>
    public IReadOnlyList<RequestVote> Votes { get; init; } = [];

    /// <summary>The record.</summary>
    public required RequestRow Request { get; init; }

    /// <summary>The prices that its cost was computed with, in nano-USD; null = none was set, or it was deleted with its deployment.</summary>
    public PriceComponents? Price { get; init; }

    /// <summary>What happened on the way; null = its retention is over.</summary>
    public JourneyDocument? Journey { get; init; }
}

/// <summary>A vote on a reply.</summary>
public sealed record RequestVote
{
    /// <summary>What was judged; empty = the reply as a whole.</summary>
    public required string Name { get; init; }

    /// <summary>Who judged: <c>user</c>, <c>eval</c> or <c>outcome</c>.</summary>
    public required string Source { get; init; }

    /// <summary>0 to 1.</summary>
    public required double Score { get; init; }

    /// <summary>The voter's words.</summary>
    public string? Comment { get; init; }

    /// <summary>A JSON array or object of texts.</summary>
    public string? Tags { get; init; }

    /// <summary>When it was given last.</summary>
    public required DateTimeOffset At { get; init; }
}
