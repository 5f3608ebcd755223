namespace AspireGateway.Shared.Domain;

/// <summary>One journey through the gateway: who asked, what served, what it took and what it cost. Exactly one per request.</summary>
public sealed class UsageRecord
{
    // Few requests have any.
    private System.Runtime.CompilerServices.StrongBox<(long? NanoUsd, long? Us)>? saved;
    private System.Runtime.CompilerServices.StrongBox<long>? prefixSaved;

    /// <summary>UUIDv7; the id of the hold and of the journal entry too.</summary>
    public Guid Id { get; set; }

    /// <summary>When the request arrived, UTC, in microseconds; chooses the day's partition.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>The caller's <c>x-request-id</c>, or one made by the gateway.</summary>
    public required string RequestId { get; set; }

    /// <summary>Who pays.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>The key's team.</summary>
    public Guid TeamId { get; set; }

    /// <summary>The key.</summary>
    public Guid KeyId { get; set; }

    /// <summary>The end user that the caller named.</summary>
    public string? UserId { get; set; }

    /// <summary>The feature that the request is booked on.</summary>
    public string? Feature { get; set; }

    /// <summary>The agent that the caller named.</summary>
    public string? Agent { get; set; }

    /// <summary>The gateway's operation, e.g. <c>chat_completions</c>.</summary>
    public required string Route { get; set; }

    /// <summary>Task label, where one was declared or found.</summary>
    public string? Task { get; set; }

    /// <summary>The logical model, or <c>provider/model</c>, that was asked for and resolved.</summary>
    public string? Model { get; set; }

    /// <summary>Slug of the provider that served (or failed last).</summary>
    public string? Provider { get; set; }

    /// <summary>Name of the deployment that served (or failed last).</summary>
    public string? Deployment { get; set; }

    /// <summary>The model that the provider says it used.</summary>
    public string? ServedModel { get; set; }

    /// <summary>Deployments tried, in order.</summary>
    public string[] FallbackChain { get; set; } = [];

    /// <summary>The price that the cost was computed with.</summary>
    public Guid? PriceVersionId { get; set; }

    /// <summary>Input tokens outside every cache.</summary>
    public long InputTokens { get; set; }

    /// <summary>Input tokens read from the provider's cache.</summary>
    public long CacheReadTokens { get; set; }

    /// <summary>Input tokens written to the provider's cache.</summary>
    public long CacheWriteTokens { get; set; }

    /// <summary>Output tokens, reasoning included.</summary>
    public long OutputTokens { get; set; }

    /// <summary>The part of the output that was reasoning.</summary>
    public long ReasoningTokens { get; set; }

    /// <summary>What was used besides tokens, and named parts of the token classes: <see cref="RecordedUnits"/> as JSON; null = nothing.</summary>
    public string? Units { get; set; }

    /// <summary>The service tier that the provider says it served with; null = none was named.</summary>
    public string? ServiceTier { get; set; }

    /// <summary>From the request's arrival to the last byte of the reply, in microseconds.</summary>
    public long LatencyUs { get; set; }

    /// <summary>From the request's arrival to the first byte of content, in microseconds.</summary>
    public long? TtftUs { get; set; }

    /// <summary>The part of the latency that the gateway itself added, in microseconds.</summary>
    public long OverheadUs { get; set; }

    /// <summary>How it ended; one of <see cref="UsageStatuses"/>.</summary>
    public required string Status { get; set; }

    /// <summary>HTTP status that the caller got (499: the caller left first).</summary>
    public int StatusCode { get; set; }

    /// <summary>Error code of the contracts, where there was one.</summary>
    public string? Error { get; set; }

    /// <summary>Cost in nano-USD (1e-9 USD).</summary>
    public long CostNanoUsd { get; set; }

    /// <summary>True when tokens and cost are estimates because the provider reported none.</summary>
    public bool Estimated { get; set; }

    /// <summary>Whether the caller asked for a stream.</summary>
    public bool Streamed { get; set; }

    /// <summary>Cache that answered: <c>exact</c>, <c>semantic</c>, or null.</summary>
    public string? CacheHit { get; set; }

    /// <summary>What an answer from the cache would have cost, as it did when it was made, in nano-USD; null = the cache did not answer.</summary>
    public long? SavedNanoUsd
    {
        get => saved?.Value.NanoUsd;
        set => saved = value is null && saved is null ? null : new((value, saved?.Value.Us));
    }

    /// <summary>How much sooner an answer from the cache came than when it was made, in microseconds, at least 0; null likewise.</summary>
    public long? SavedUs
    {
        get => saved?.Value.Us;
        set => saved = value is null && saved is null ? null : new((saved?.Value.NanoUsd, value));
    }

    /// <summary>
    /// What the provider's prompt cache saved, net of what writing to it cost more, in nano-USD: negative where it cost more than it saved; null = no token was read from it or written to it, or there is no price.
    /// </summary>
    public long? PrefixSavedNanoUsd
    {
        get => prefixSaved?.Value;
        set => prefixSaved = value is { } nanoUsd ? new(nanoUsd) : null;
    }

    /// <summary>Guardrails that found something.</summary>
    public string[] GuardrailsTriggered { get; set; } = [];

    /// <summary>The caller's tags, a JSON object of strings; null = none.</summary>
    public string? Tags { get; set; }

    /// <summary>Feedback score from 0 to 1, where given.</summary>
    public float? Feedback { get; set; }
}

/// <summary>How a journey can end.</summary>
public static class UsageStatuses
{
    /// <summary>Answered whole.</summary>
    public const string Ok = "ok";

    /// <summary>Refused by the gateway before any provider was called.</summary>
    public const string Refused = "refused";

    /// <summary>Every attempt failed before the first byte.</summary>
    public const string Failed = "failed";

    /// <summary>Nobody was left to ask, and the caller got the model's canned answer or an old one of the cache; the error says why.</summary>
    public const string Degraded = "degraded";

    /// <summary>The provider's stream broke after the first byte had gone out.</summary>
    public const string Truncated = "truncated";

    /// <summary>The caller left.</summary>
    public const string Aborted = "aborted";

    /// <summary>The gateway died on the way; closed from the journal at its next start.</summary>
    public const string Orphaned = "orphaned";
}
