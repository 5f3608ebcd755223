using AspireGateway.Portal.Usage;

namespace AspireGateway.Portal.Costs;

/// <summary>What a team owes for a month.</summary>
public sealed record StatementData
{
    /// <summary>First day of the month.</summary>
    public required DateOnly Month { get; init; }

    /// <summary>Whether the month still runs.</summary>
    public required bool IsRunning { get; init; }

    /// <summary>The team; null = all teams, one line each.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>Its name.</summary>
    public required string TeamName { get; init; }

    /// <summary>The organisation's name.</summary>
    public required string Organisation { get; init; }

    /// <summary>The zone that the month is cut in.</summary>
    public required string Zone { get; init; }

    /// <summary>When it was read.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>All of it.</summary>
    public required UsageSums Total { get; init; }

    /// <summary>The same sum, split by one property each.</summary>
    public required IReadOnlyList<StatementPart> Parts { get; init; }
}

/// <summary>A statement's sum, split by one property.</summary>
/// <param name="By">The property; of <see cref="CostGroups"/>.</param>
/// <param name="Title">Its title.</param>
/// <param name="Rows">The lines; they add up to the total.</param>
public sealed record StatementPart(string By, string Title, IReadOnlyList<CostRow> Rows);
