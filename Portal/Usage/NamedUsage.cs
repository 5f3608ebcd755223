namespace AspireGateway.Portal.Usage;

/// <summary>A feature, agent or end user as requests name it, with what it used in the running month.</summary>
public record NamedUsage
{
    /// <summary>Its name, as callers send it.</summary>
    public required string Name { get; init; }

    /// <summary>Requests since the month began.</summary>
    public required long Requests { get; init; }

    /// <summary>What they cost, in dollars.</summary>
    public required string CostUsd { get; init; }

    /// <summary>The same in nano-USD.</summary>
    public required long CostNanoUsd { get; init; }

    /// <summary>The last day, in the organisation's zone, on which a request named it; null = none did within the time that is looked back on.</summary>
    public DateOnly? LastSeenOn { get; init; }

    /// <summary>How many limits are set on it; null = not the caller's to see.</summary>
    public int? Limits { get; init; }

    /// <summary>Budgets of its own with how they stand; null = not the caller's to see.</summary>
    public IReadOnlyList<NamedBudget>? Budgets { get; init; }
}

/// <summary>A budget of something that requests name.</summary>
/// <param name="Id">The budget.</param>
/// <param name="Period">Its window.</param>
/// <param name="CapNanoUsd">Its cap, raises included, in nano-USD.</param>
/// <param name="SettledNanoUsd">What is settled, in nano-USD; null = not known at the moment.</param>
/// <param name="HeldNanoUsd">What running requests hold, in nano-USD; null = not known at the moment.</param>
public sealed record NamedBudget(Guid Id, string Period, long CapNanoUsd, long? SettledNanoUsd, long? HeldNanoUsd)
{
    /// <summary>The settled part of the cap in percent, rounded down; null = not known at the moment.</summary>
    public long? UsedPercent => SettledNanoUsd is { } settled ? (long)(100 * (decimal)settled / Math.Max(1, CapNanoUsd)) : null;
}

/// <summary>What to list.</summary>
public sealed record NamesFilter
{
    /// <summary>What the name begins with; upper and lower case differ, as they do in requests.</summary>
    public string? Search { get; init; }

    /// <summary>The page before's <c>next</c>.</summary>
    public string? After { get; init; }

    /// <summary>Rows of a page; at most 200.</summary>
    public int? Limit { get; init; }
}
