namespace AspireGateway.Portal.Alerts.Mutes;

/// <summary>For how long an alert is to be quiet, and why.</summary>
public sealed record MuteRequest
{
    /// <summary>Until when; after now and at most 30 days from now.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Why, 1 to 300 characters.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether every subject of its kind is quiet; missing = only this one.</summary>
    public bool? WholeKind { get; init; }
}
