using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Costs;

namespace AspireGateway.Portal.Overview;

/// <summary>The first page, as far as the one who looks may see it.</summary>
public sealed record HomeData
{
    /// <summary>When it was read.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>What waits for the visitor, most urgent first.</summary>
    public required IReadOnlyList<Need> Needs { get; init; }

    /// <summary>The parts that the visitor sees, in the order of the visitor's work; of <see cref="HomeParts"/>.</summary>
    public required IReadOnlyList<string> Order { get; init; }

    /// <summary>What was spent; null = not the visitor's to see.</summary>
    public MoneyData? Money { get; init; }

    /// <summary>The last 24 hours; null = not the visitor's to see.</summary>
    public OverviewData? Day { get; init; }

    /// <summary>What was refused, and what was changed; null = not the visitor's to see.</summary>
    public SecurityData? Security { get; init; }
}

/// <summary>Something that waits for somebody.</summary>
/// <param name="Icon">Name of its Material symbol.</param>
/// <param name="Text">What it is, in a sentence without its end.</param>
/// <param name="Detail">More of it; null = nothing.</param>
/// <param name="Href">Where it is dealt with.</param>
/// <param name="IsUrgent">Whether requests are refused or cut off by it already.</param>
public sealed record Need(string Icon, string Text, string? Detail, string Href, bool IsUrgent);

/// <summary>Spend of today and of the month, in nano-USD.</summary>
/// <param name="Today">Today so far.</param>
/// <param name="Yesterday">Yesterday up to the same time.</param>
/// <param name="Month">The month so far.</param>
/// <param name="MonthBefore">As many days of the month before.</param>
/// <param name="Forecast">What the month will have cost; null = too few days to tell.</param>
/// <param name="LastMonth">The whole month before.</param>
public sealed record MoneyData(long Today, long Yesterday, long Month, long MonthBefore, CostForecast? Forecast, long LastMonth);

/// <summary>What the gateway refused in the last 24 hours, and the latest changes of its configuration.</summary>
/// <param name="Refused">All refused requests.</param>
/// <param name="RefusedBefore">As many hours before.</param>
/// <param name="Reasons">How many of the newest for which reason, most frequent first.</param>
/// <param name="Changes">The latest changes.</param>
public sealed record SecurityData(long Refused, long RefusedBefore, IReadOnlyList<(string Error, long Count)> Reasons, IReadOnlyList<AuditRow> Changes);
