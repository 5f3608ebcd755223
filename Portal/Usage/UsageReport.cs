using AspireGateway.Portal.RollUps;

namespace AspireGateway.Portal.Usage;

/// <summary>Usage of a time, grouped.</summary>
public sealed record UsageReport
{
    /// <summary>Start, inclusive.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>End, exclusive.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>What it is grouped by; of <see cref="UsageGroups"/>.</summary>
    public required string GroupBy { get; init; }

    /// <summary>When the roll-ups last held everything that was written; what came later is summed from the records. Null = never yet.</summary>
    public DateTimeOffset? CompleteTo { get; init; }

    /// <summary>The groups, dearest first; days in their order. At most <see cref="UsageQuery.MaxGroups"/>.</summary>
    public required IReadOnlyList<UsageRow> Rows { get; init; }

    /// <summary>All groups together, also those beyond the rows.</summary>
    public required UsageSums Total { get; init; }
}

/// <summary>A group's usage.</summary>
public sealed record UsageRow
{
    /// <summary>The group's id, slug or name; a day as <c>2026-11-21</c>; null = requests that have none.</summary>
    public string? Group { get; init; }

    /// <summary>Name that people read, where it differs.</summary>
    public string? Name { get; init; }

    /// <summary>Its sums.</summary>
    public required UsageSums Sums { get; init; }
}

/// <summary>Sums of usage.</summary>
public sealed record UsageSums
{
    /// <summary>All requests.</summary>
    public required long Requests { get; init; }

    /// <summary>Requests that failed, were cut or were orphaned.</summary>
    public required long Errors { get; init; }

    /// <summary>Requests that the gateway refused.</summary>
    public required long Refused { get; init; }

    /// <summary>Requests whose tokens and cost are estimates.</summary>
    public required long Estimated { get; init; }

    /// <summary>Input tokens outside every cache.</summary>
    public required long InputTokens { get; init; }

    /// <summary>Input tokens read from the provider's cache.</summary>
    public required long CacheReadTokens { get; init; }

    /// <summary>Input tokens written to the provider's cache.</summary>
    public required long CacheWriteTokens { get; init; }

    /// <summary>Output tokens, reasoning included.</summary>
    public required long OutputTokens { get; init; }

    /// <summary>Cost in nano-USD.</summary>
    public required long CostNanoUsd { get; init; }

    /// <summary>Requests that did their task: voted over the bar, or ended well where nobody voted.</summary>
    public required long Succeeded { get; init; }

    /// <summary>Requests that a cache of the gateway answered.</summary>
    public required long CacheHits { get; init; }

    /// <summary>Requests for which more than one deployment was tried.</summary>
    public required long Retried { get; init; }

    /// <summary>Attempts beyond the first of each request.</summary>
    public required long ExtraAttempts { get; init; }

    /// <summary>The part of the output that was reasoning.</summary>
    public required long ReasoningTokens { get; init; }

    /// <summary>The part of the cost that was paid for requests without a whole answer, in nano-USD.</summary>
    public required long WastedNanoUsd { get; init; }

    /// <summary>What answers from the gateway's cache would have cost, in nano-USD.</summary>
    public required long SavedNanoUsd { get; init; }

    /// <summary>How much sooner answers from the gateway's cache came than when they were made, in microseconds.</summary>
    public required long SavedUs { get; init; }

    /// <summary>What providers' prompt caches saved, net of what writing to them cost more, in nano-USD; negative where that was more.</summary>
    public required long PrefixSavedNanoUsd { get; init; }

    /// <summary>Nothing.</summary>
    internal static readonly UsageSums None = new()
    {
        Requests = 0, Errors = 0, Refused = 0, Estimated = 0, InputTokens = 0, CacheReadTokens = 0, CacheWriteTokens = 0, OutputTokens = 0, CostNanoUsd = 0,
        Succeeded = 0, CacheHits = 0, Retried = 0, ExtraAttempts = 0, ReasoningTokens = 0, WastedNanoUsd = 0, SavedNanoUsd = 0, SavedUs = 0, PrefixSavedNanoUsd = 0,
    };

    /// <summary>Tokens of all classes.</summary>
    internal long Tokens => InputTokens + CacheReadTokens + CacheWriteTokens + OutputTokens;

    /// <summary>Both together.</summary>
    public static UsageSums operator +(UsageSums a, UsageSums b) => new()
    {
        Requests = a.Requests + b.Requests, Errors = a.Errors + b.Errors, Refused = a.Refused + b.Refused, Estimated = a.Estimated + b.Estimated,
        InputTokens = a.InputTokens + b.InputTokens, CacheReadTokens = a.CacheReadTokens + b.CacheReadTokens, CacheWriteTokens = a.CacheWriteTokens + b.CacheWriteTokens,
        OutputTokens = a.OutputTokens + b.OutputTokens, CostNanoUsd = a.CostNanoUsd + b.CostNanoUsd, Succeeded = a.Succeeded + b.Succeeded, CacheHits = a.CacheHits + b.CacheHits,
        Retried = a.Retried + b.Retried, ExtraAttempts = a.ExtraAttempts + b.ExtraAttempts, ReasoningTokens = a.ReasoningTokens + b.ReasoningTokens, WastedNanoUsd = a.WastedNanoUsd + b.WastedNanoUsd,
        SavedNanoUsd = a.SavedNanoUsd + b.SavedNanoUsd, SavedUs = a.SavedUs + b.SavedUs, PrefixSavedNanoUsd = a.PrefixSavedNanoUsd + b.PrefixSavedNanoUsd,
    };

    /// <summary>What is left of the first without the second.</summary>
    public static UsageSums operator -(UsageSums a, UsageSums b) => new()
    {
        Requests = a.Requests - b.Requests, Errors = a.Errors - b.Errors, Refused = a.Refused - b.Refused, Estimated = a.Estimated - b.Estimated,
        InputTokens = a.InputTokens - b.InputTokens, CacheReadTokens = a.CacheReadTokens - b.CacheReadTokens, CacheWriteTokens = a.CacheWriteTokens - b.CacheWriteTokens,
        OutputTokens = a.OutputTokens - b.OutputTokens, CostNanoUsd = a.CostNanoUsd - b.CostNanoUsd, Succeeded = a.Succeeded - b.Succeeded, CacheHits = a.CacheHits - b.CacheHits,
        Retried = a.Retried - b.Retried, ExtraAttempts = a.ExtraAttempts - b.ExtraAttempts, ReasoningTokens = a.ReasoningTokens - b.ReasoningTokens, WastedNanoUsd = a.WastedNanoUsd - b.WastedNanoUsd,
        SavedNanoUsd = a.SavedNanoUsd - b.SavedNanoUsd, SavedUs = a.SavedUs - b.SavedUs, PrefixSavedNanoUsd = a.PrefixSavedNanoUsd - b.PrefixSavedNanoUsd,
    };
}

/// <summary>What usage can be grouped by.</summary>
public static class UsageGroups
{
    /// <summary>Every grouping. <c>tag:</c> and a name groups by the values of that tag, <c>tag</c> by all tags: a request of several tags stands in several groups then.</summary>
    public static readonly IReadOnlyList<string> All =
        ["team", "key", "user", "feature", "agent", "model", "provider", "deployment", "route", "task", "status", "cache", "arm", "tag", "day"];

    // Of an A/B test or a canary; the gateway's own tag.
    private const string ArmTag = "gateway.arm", TagPrefix = "tag:";

    /// <summary>The facet, and the tag where one is named; null = there is no such grouping. A closed list: nothing of a caller enters the SQL.</summary>
    internal static (Facet Facet, string? TagName)? Of(string group) => group switch
    {
        "day" => (Facet.Total, null),
        "arm" => (Facet.Tag, ArmTag),
        _ when group.StartsWith(TagPrefix, StringComparison.Ordinal) && group.Length > TagPrefix.Length => (Facet.Tag, group[TagPrefix.Length..]),
        _ when All.Contains(group) && Facet.Of(group) is { } facet => (facet, null),
        _ => null,
    };
}
