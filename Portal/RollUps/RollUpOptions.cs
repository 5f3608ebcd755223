namespace AspireGateway.Portal.RollUps;

/// <summary>How usage is rolled up; section <c>Portal:RollUps</c>.</summary>
public sealed class RollUpOptions
{
    /// <summary>Milliseconds between two looks for new records, at least 100.</summary>
    public int EveryMs { get; set; } = 5000;

    /// <summary>Records of a transaction, about; at least 1. One that wrote more by itself is rolled up whole.</summary>
    public int BatchRecords { get; set; } = 50_000;

    /// <summary>Days that sums per hour are kept, at least 3.</summary>
    public int HourDays { get; set; } = 35;

    /// <summary>Days that sums per day are kept, at least 31.</summary>
    public int Days { get; set; } = 1100;
}
