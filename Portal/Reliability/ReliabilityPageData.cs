using AspireGateway.Portal.Reliability.Figures;

namespace AspireGateway.Portal.Reliability;

/// <summary>What the page shows; only the list of the chosen view is filled.</summary>
public sealed record ReliabilityPageData
{
    /// <summary>Deployments.</summary>
    public IReadOnlyList<ReliabilityRow> Deployments { get; init; } = [];

    /// <summary>Models with their settings.</summary>
    public IReadOnlyList<ModelReliabilityDetails> Models { get; init; } = [];

    /// <summary>What circuits did.</summary>
    public IReadOnlyList<CircuitEventRow> Events { get; init; } = [];

    /// <summary>How requests did; null = another view is shown.</summary>
    public FiguresReport? Figures { get; init; }

    /// <summary>Whether the visitor may see figures by feature.</summary>
    public bool MaySeeFeatures { get; init; }

    /// <summary>Where the shown list goes on; null = it ends here.</summary>
    public string? Next { get; init; }

    /// <summary>Whether the visitor may change any of it.</summary>
    public bool MayChange { get; init; }
}
