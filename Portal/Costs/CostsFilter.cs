using AspireGateway.Portal.RollUps;

namespace AspireGateway.Portal.Costs;

/// <summary>What costs to show.</summary>
internal sealed record CostsFilter
{
    /// <summary>Of <see cref="CostPeriod.All"/>; null = this month.</summary>
    public string? Period { get; init; }

    /// <summary>Of <see cref="CostGroups"/>; null = feature.</summary>
    public string? By { get; init; }

    /// <summary>Only requests with these values.</summary>
    public IReadOnlyList<(Facet Facet, string Value)> Values { get; init; } = [];
}

/// <summary>What costs can be seen by.</summary>
internal static class CostGroups
{
    /// <summary>Every grouping with its name, and the filter of the requests page that shows a group's requests; null = it has none.</summary>
    public static readonly IReadOnlyList<(string Key, string Name, string? Drill)> All =
    [
        ("feature", "Feature", "feature"), ("team", "Team", "team"), ("user", "User", "user"), ("key", "Key", "key"), ("agent", "Agent", "agent"), ("model", "Model", "model"),
        ("provider", "Provider", "provider"), ("task", "Task", null), ("tag", "Tag", null), ("day", "Day", "day"),
    ];

    /// <summary>The grouping of that key, or by feature.</summary>
    public static (string Key, string Name, string? Drill) Of(string? key) => All.FirstOrDefault(g => string.Equals(g.Key, key, StringComparison.Ordinal)) is { Key: not null } found ? found : All[0];

    /// <summary>What stands where requests have no value.</summary>
    public static string Missing(string key) => key switch
    {
        "key" => "deleted key",
        "tag" => "untagged",
        _ => $"no {key}",
    };
}
