using AspireGateway.Portal.Security;

namespace AspireGateway.Portal.RollUps;

/// <summary>What is to be summed.</summary>
internal sealed record UsageQuestion
{
    /// <summary>What the one who asks may see.</summary>
    public required Scope Scope { get; init; }

    /// <summary>Start, inclusive.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>End, exclusive.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>What to group by; <see cref="Facet.Total"/> = nothing.</summary>
    public Facet Group { get; init; } = Facet.Total;

    /// <summary>With <see cref="Facet.Tag"/>: only this tag, grouped by its values; null = by name and value of every tag.</summary>
    public string? TagName { get; init; }

    /// <summary>Only requests with these values; '' = without one. At most one value of a facet.</summary>
    public IReadOnlyList<(Facet Facet, string Value)> Filters { get; init; } = [];

    /// <summary>Only these groups; null = all.</summary>
    public IReadOnlyList<string>? Groups { get; init; }

    /// <summary>The teams that it is about; null = all.</summary>
    public IReadOnlyList<Guid>? Teams
    {
        get
        {
            if (Filters.FirstOrDefault(f => f.Facet == Facet.Team) is not { Facet: not null, Value: var value }) return Scope.TeamIds;
            var team = Guid.TryParse(value, out var id) ? id : Guid.Empty;
            return Scope.TeamIds is null || Scope.TeamIds.Contains(team) ? [team] : [];
        }
    }

    /// <summary>The filters but the team's.</summary>
    public IReadOnlyList<(Facet Facet, string Value)> Others => [.. Filters.Where(f => f.Facet != Facet.Team)];
}
