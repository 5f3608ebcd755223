using AspireGateway.Portal.Usage;

namespace AspireGateway.Portal.Costs;

/// <summary>Costs of a time, as they are drawn.</summary>
public sealed record CostsData
{
    /// <summary>The time.</summary>
    public required CostPeriod Period { get; init; }

    /// <summary>What it is grouped by.</summary>
    public required string By { get; init; }

    /// <summary>When it was read.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>When the roll-ups last held everything; later usage is in the figures too, summed from the records. Null = never yet.</summary>
    public DateTimeOffset? CompleteTo { get; init; }

    /// <summary>Sums of the time.</summary>
    public required UsageSums Total { get; init; }

    /// <summary>Sums of the time before.</summary>
    public required UsageSums Before { get; init; }

    /// <summary>The groups that cost most.</summary>
    public required IReadOnlyList<CostRow> Rows { get; init; }

    /// <summary>All groups that are not among the rows; null where groups overlap.</summary>
    public CostRow? Rest { get; init; }

    /// <summary>Spend by day of the dearest groups, and of all others together at the end.</summary>
    public required IReadOnlyList<CostSeries> Series { get; init; }

    /// <summary>The groups whose spend changed most.</summary>
    public required IReadOnlyList<CostRow> Movers { get; init; }

    /// <summary>Spend of requests without a feature, in nano-USD.</summary>
    public required long UnattributedNanoUsd { get; init; }

    /// <summary>To the end of the month; null = the time is over, or there is too little to go by.</summary>
    public CostForecast? Forecast { get; init; }

    /// <summary>Names of ids in the filters.</summary>
    public IReadOnlyDictionary<string, string> Names { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}

/// <summary>A group's costs.</summary>
/// <param name="Group">Its id, slug or name; "" = requests without one.</param>
/// <param name="Name">What people read.</param>
/// <param name="Now">Its sums of the time.</param>
/// <param name="Before">Its sums of the time before.</param>
public sealed record CostRow(string Group, string Name, UsageSums Now, UsageSums Before)
{
    /// <summary>By how much its spend changed, in nano-USD.</summary>
    public long ChangeNanoUsd => Now.CostNanoUsd - Before.CostNanoUsd;
}

/// <summary>Spend by day.</summary>
/// <param name="Name">Whose.</param>
/// <param name="Colour">Its colour, a CSS value.</param>
/// <param name="Days">Nano-USD of each day of the time, in order.</param>
public sealed record CostSeries(string Name, string Colour, IReadOnlyList<long> Days);
