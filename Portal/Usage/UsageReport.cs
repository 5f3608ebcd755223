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
}

/// <summary>What usage can be grouped by.</summary>
public static class UsageGroups
{
    /// <summary>Every grouping.</summary>
    public static readonly IReadOnlyList<string> All = ["team", "key", "user", "feature", "model", "provider", "deployment", "arm", "day"];

    // The group and its readable name, from usage_records u with teams t and virtual_keys k. A closed list: nothing of a caller enters the SQL.
    internal static (string Group, string Name)? Columns(string group) => group switch
    {
        "team" => ("u.team_id::text", "max((select t.name from teams t where t.id = u.team_id))"),
        "key" => ("u.key_id::text", "max((select k.name from virtual_keys k where k.id = u.key_id))"),
        "user" => ("u.user_id", "null::text"),
        "feature" => ("u.feature", "null::text"),
        "model" => ("u.model", "null::text"),
        "provider" => ("u.provider", "null::text"),
        "deployment" => ("u.deployment", "null::text"),
        // Of an A/B test or a canary; the gateway's own tag.
        "arm" => ("u.tags ->> 'gateway.arm'", "null::text"),
        "day" => ("to_char(u.at at time zone @zone, 'YYYY-MM-DD')", "null::text"),
        _ => null,
    };
}
