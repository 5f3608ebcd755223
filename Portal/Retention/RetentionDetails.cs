namespace AspireGateway.Portal.Retention;

/// <summary>How long an organisation keeps usage and journeys, and what is there.</summary>
public sealed record RetentionDetails
{
    /// <summary>Its own days of usage records; null = those of the installation.</summary>
    public required int? UsageDays { get; init; }

    /// <summary>Its own days of journeys; null = those of the installation.</summary>
    public required int? JourneyDays { get; init; }

    /// <summary>Days of usage records of the installation.</summary>
    public required int InstallationUsageDays { get; init; }

    /// <summary>Days of journeys of the installation.</summary>
    public required int InstallationJourneyDays { get; init; }

    /// <summary>Arrival of the oldest request that there is a record of; null = there is none.</summary>
    public required DateTimeOffset? OldestUsage { get; init; }

    /// <summary>Arrival of the oldest request that there is a journey of; null = there is none.</summary>
    public required DateTimeOffset? OldestJourney { get; init; }

    /// <summary>The day from which usage is needed, because a budget without a period counts since then; null = there is no such budget. Usage from this day on is never deleted.</summary>
    public required DateOnly? NeededSince { get; init; }
}
