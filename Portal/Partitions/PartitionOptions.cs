namespace AspireGateway.Portal.Partitions;

/// <summary>How long usage and journeys are kept; section <c>Portal:Retention</c>.</summary>
public sealed class PartitionOptions
{
    /// <summary>Whole days of usage records that are kept, at least 31.</summary>
    public int UsageDays { get; set; } = 400;

    /// <summary>Whole days of journeys that are kept, at least 1.</summary>
    public int JourneyDays { get; set; } = 30;
}
