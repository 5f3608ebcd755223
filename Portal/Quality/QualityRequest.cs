namespace AspireGateway.Portal.Quality;

/// <summary>Figures to publish.</summary>
public sealed record PublishQualityRequest
{
    /// <summary>The cells, 1 to 2,000.</summary>
    public IReadOnlyList<QualityCellRequest>? Cells { get; init; }

    /// <summary>What they are, for those who read the list of versions; at most 500 characters.</summary>
    public string? Note { get; init; }

    /// <summary>True: cells that are not among these leave the table. Missing = they stay as they are.</summary>
    public bool? Replace { get; init; }

    /// <summary>True: says what would change and changes nothing.</summary>
    public bool? DryRun { get; init; }
}

/// <summary>How well one model does one task.</summary>
public sealed record QualityCellRequest
{
    /// <summary>The task's label: one of the classifier's, one of the organisation's own, or one that callers declare.</summary>
    public string? Task { get; init; }

    /// <summary>The provider's slug.</summary>
    public string? Provider { get; init; }

    /// <summary>The provider's own name of the model, as deployments have it.</summary>
    public string? Model { get; init; }

    /// <summary>Mean score, 0 to 1.</summary>
    public double? Mean { get; init; }

    /// <summary>Lower end of its 95 % interval, 0 to the mean; missing together with the upper end = Wilson's interval of mean and samples.</summary>
    public double? Lower { get; init; }

    /// <summary>Upper end of its 95 % interval, the mean to 1.</summary>
    public double? Upper { get; init; }

    /// <summary>How many samples, 1 to 1,000,000,000.</summary>
    public int? Samples { get; init; }

    /// <summary>The day on which it was measured; missing = today.</summary>
    public DateOnly? Date { get; init; }
}

/// <summary>Why an older version is put back.</summary>
public sealed record RestoreQualityRequest
{
    /// <summary>For those who read the list of versions; missing = "Version n again".</summary>
    public string? Note { get; init; }
}
