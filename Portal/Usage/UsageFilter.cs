using AspireGateway.Portal.RollUps;

namespace AspireGateway.Portal.Usage;

/// <summary>What usage to sum.</summary>
public sealed record UsageFilter
{
    /// <summary>Start, inclusive; missing = a day before the end.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>End, exclusive; missing = now.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>What to group by; of <see cref="UsageGroups"/>; missing = day.</summary>
    public string? GroupBy { get; init; }

    /// <summary>Only this team.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>Only this key.</summary>
    public Guid? KeyId { get; init; }

    /// <summary>Only this model.</summary>
    public string? Model { get; init; }

    /// <summary>Only this provider, by its slug.</summary>
    public string? Provider { get; init; }

    /// <summary>Only this feature.</summary>
    public string? Feature { get; init; }

    /// <summary>The filters that are set.</summary>
    internal IReadOnlyList<(Facet Facet, string Value)> Values()
    {
        (string Name, string? Value)[] all = [("team", TeamId?.ToString()), ("key", KeyId?.ToString()), ("model", Model), ("provider", Provider), ("feature", Feature)];
        return [.. all.Where(f => f.Value is not null).Select(f => (Facet.Of(f.Name)!, f.Value!))];
    }
}
