namespace AspireGateway.Portal.Reliability.Figures;

/// <summary>Which figures to show.</summary>
public sealed record FiguresFilter
{
    /// <summary>What a row is; of <see cref="FigureGroups.All"/>; missing = model.</summary>
    public string? By { get; init; }

    /// <summary>How far back; of <see cref="FigureRanges.All"/>; missing = 24h.</summary>
    public string? Range { get; init; }

    /// <summary>What comes first; of <see cref="FigureOrders.All"/>; missing = requests.</summary>
    public string? Sort { get; init; }
}
