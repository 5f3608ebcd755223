using AspireGateway.Portal.Overview;
using AspireGateway.Portal.Usage;

namespace AspireGateway.Portal.Reliability.Figures;

/// <summary>How requests of one model, provider, deployment, task or feature did. Says nothing of what they cost.</summary>
public sealed record FigureRow
{
    /// <summary>Its name or slug; null = requests that have none.</summary>
    public string? Group { get; init; }

    /// <summary>All requests.</summary>
    public required long Requests { get; init; }

    /// <summary>Those that failed, were cut, were orphaned, or got a canned answer.</summary>
    public required long Errors { get; init; }

    /// <summary>Those that the gateway refused.</summary>
    public required long Refused { get; init; }

    /// <summary>Those for which more than one attempt was made.</summary>
    public required long Retried { get; init; }

    /// <summary>Attempts beyond the first of each request.</summary>
    public required long ExtraAttempts { get; init; }

    /// <summary>Those that did their task: voted over the bar, or ended well where nobody voted.</summary>
    public required long Succeeded { get; init; }

    /// <summary>Input tokens, from and to the provider's cache included.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Output tokens, reasoning included.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>Percentiles of the time from a request's arrival to its last byte, of whole answers; null = there were none.</summary>
    public Percentiles? Latency { get; init; }

    /// <summary>Percentiles of the time to the first token, of whole answers that were streamed; null = there were none.</summary>
    public Percentiles? Ttft { get; init; }

    /// <summary>Of sums.</summary>
    internal static FigureRow Of(string group, UsageSums sums, Percentiles? latency, Percentiles? ttft) => new()
    {
        Group = group.Length == 0 ? null : group, Requests = sums.Requests, Errors = sums.Errors, Refused = sums.Refused, Retried = sums.Retried, ExtraAttempts = sums.ExtraAttempts,
        Succeeded = sums.Succeeded, InputTokens = sums.InputTokens + sums.CacheReadTokens + sums.CacheWriteTokens, OutputTokens = sums.OutputTokens, Latency = latency, Ttft = ttft,
    };
}
