namespace AspireGateway.Portal.Overview;

/// <summary>The last 24 hours of an organisation, as far as the one who looks may see them.</summary>
/// <param name="AsOf">When the figures were read.</param>
/// <param name="Since">Start of the first hour shown; 23 whole hours and the running one lie between it and <paramref name="AsOf"/>.</param>
/// <param name="Now">Totals of this time.</param>
/// <param name="Before">Totals of as long a time, 24 hours earlier.</param>
/// <param name="Hours">One for each hour, oldest first, also where nothing happened; the last is still running.</param>
/// <param name="Models">The models that cost most.</param>
/// <param name="Keys">The keys that cost most.</param>
/// <param name="IsFirstRun">True when no request was ever recorded.</param>
public sealed record OverviewData(
    DateTimeOffset AsOf,
    DateTimeOffset Since,
    OverviewTotals Now,
    OverviewTotals Before,
    IReadOnlyList<OverviewHour> Hours,
    IReadOnlyList<TopSpender> Models,
    IReadOnlyList<TopSpender> Keys,
    bool IsFirstRun)
{
    /// <summary>Percentiles of the latency of the whole answers of this time; null = there were none.</summary>
    public Percentiles? Latency { get; init; }

    /// <summary>The same, 24 hours earlier.</summary>
    public Percentiles? LatencyBefore { get; init; }

    /// <summary>Percentiles of the time to the first token; null = there were none.</summary>
    public Percentiles? Ttft { get; init; }

    /// <summary>The same, 24 hours earlier.</summary>
    public Percentiles? TtftBefore { get; init; }
}

/// <summary>Sums over a time.</summary>
/// <param name="CostNanoUsd">Spend in nano-USD.</param>
/// <param name="Requests">All requests.</param>
/// <param name="Errors">Requests that a provider or the gateway failed: failed, truncated or orphaned.</param>
/// <param name="Refused">Requests that the gateway refused.</param>
/// <param name="Tokens">Tokens of all classes.</param>
/// <param name="Estimated">Requests whose cost is an estimate.</param>
public sealed record OverviewTotals(long CostNanoUsd, long Requests, long Errors, long Refused, long Tokens, long Estimated);

/// <summary>One hour.</summary>
/// <param name="Start">Its start, a whole hour in the organisation's zone.</param>
/// <param name="Totals">Its sums.</param>
/// <param name="Latency">Percentiles of the latency of whole answers; null = there were none.</param>
public sealed record OverviewHour(DateTimeOffset Start, OverviewTotals Totals, Percentiles? Latency)
{
    /// <summary>Percentiles of the time to the first token; null = there were none.</summary>
    public Percentiles? Ttft { get; init; }
}

/// <summary>Percentiles of a latency, in microseconds; true within 1.5 %.</summary>
/// <param name="P50">Half were faster.</param>
/// <param name="P95">19 of 20 were faster.</param>
/// <param name="P99">99 of 100 were faster.</param>
public sealed record Percentiles(long P50, long P95, long P99);

/// <summary>A model or key among those that cost most.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Detail">The key's team; null for models.</param>
/// <param name="Filter">Value of the filter on the requests page that shows its requests.</param>
/// <param name="Requests">Its requests.</param>
/// <param name="Tokens">Its tokens.</param>
/// <param name="CostNanoUsd">Its spend in nano-USD.</param>
public sealed record TopSpender(string Name, string? Detail, string Filter, long Requests, long Tokens, long CostNanoUsd);
