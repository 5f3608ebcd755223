namespace AspireGateway.Portal.Retention;

/// <summary>How long an organisation keeps what it can do without.</summary>
public sealed record RetentionSettings
{
    /// <summary>Whole UTC days of usage records, 40 to 3,660; null = as long as the installation does. Roll-ups are kept by themselves.</summary>
    public int? UsageDays { get; init; }

    /// <summary>Whole UTC days of journeys, 1 to 3,660; null = as long as the installation does.</summary>
    public int? JourneyDays { get; init; }
}
