namespace AspireGateway.Portal.Reliability.Figures;

/// <summary>How requests did in a time, by what they went to or were for.</summary>
public sealed record FiguresReport
{
    /// <summary>What a row is: <c>model</c>, <c>provider</c>, <c>deployment</c>, <c>task</c> or <c>feature</c>.</summary>
    public required string By { get; init; }

    /// <summary>The time: <c>24h</c> or <c>7d</c>.</summary>
    public required string Range { get; init; }

    /// <summary>What comes first.</summary>
    public required string Sort { get; init; }

    /// <summary>Start, inclusive.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>When it was read.</summary>
    public required DateTimeOffset AsOf { get; init; }

    /// <summary>When the roll-ups last held everything that was written; what came later is summed from the records. Null = never yet.</summary>
    public DateTimeOffset? CompleteTo { get; init; }

    /// <summary>The rows: at most <see cref="FiguresQuery.MaxGroups"/>, those of most requests.</summary>
    public required IReadOnlyList<FigureRow> Rows { get; init; }

    /// <summary>Whether there are more than that.</summary>
    public bool HasMore { get; init; }

    /// <summary>All requests of the time together.</summary>
    public required FigureRow Total { get; init; }

    /// <summary>What the gateway itself added.</summary>
    public required GatewayOverhead Overhead { get; init; }
}
