using AspireGateway.Portal.Usage;

namespace AspireGateway.Portal.Caching.Figures;

/// <summary>What the cache did for those whose requests the viewer may see.</summary>
public sealed record CacheReport
{
    /// <summary>The time; of <see cref="CacheRanges"/>.</summary>
    public required string Range { get; init; }

    /// <summary>When the roll-ups last held everything that was written; what came later is summed from the records. Null = never yet.</summary>
    public DateTimeOffset? CompleteTo { get; init; }

    /// <summary>Everything of the time.</summary>
    public required UsageSums Total { get; init; }

    /// <summary>Of the hits, those that answered a similar question.</summary>
    public long Similar { get; init; }

    /// <summary>By hour or day of the organisation's calendar, in order; times without requests have zeros.</summary>
    public required IReadOnlyList<CacheStep> Steps { get; init; }

    /// <summary>By model, those of most hits first, at most <see cref="CacheFiguresQuery.MaxGroups"/>.</summary>
    public required IReadOnlyList<CacheShare> Models { get; init; }

    /// <summary>By route, likewise.</summary>
    public required IReadOnlyList<CacheShare> Routes { get; init; }

    /// <summary>By team, likewise.</summary>
    public required IReadOnlyList<CacheShare> Teams { get; init; }
}

/// <summary>What the cache did for a model, a route or a team.</summary>
/// <param name="Group">Its name, or the team's id; empty = requests without one.</param>
/// <param name="Name">The team's name; null = it has none beside the group, or is gone.</param>
/// <param name="Sums">Its sums.</param>
public sealed record CacheShare(string Group, string? Name, UsageSums Sums);

/// <summary>What the cache did in a step of time.</summary>
/// <param name="At">When it begins.</param>
/// <param name="Requests">All requests.</param>
/// <param name="Hits">Of these, those that the cache answered.</param>
/// <param name="SavedNanoUsd">What those would have cost, in nano-USD.</param>
public sealed record CacheStep(DateTimeOffset At, long Requests, long Hits, long SavedNanoUsd);
