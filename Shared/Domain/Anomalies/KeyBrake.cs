namespace AspireGateway.Shared.Domain.Anomalies;

/// <summary>What was done to a key that ran away: it is stopped, or throttled. Gateways hold to it within a second, and to its end without being told.</summary>
public sealed class KeyBrake
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>The key.</summary>
    public Guid KeyId { get; set; }

    /// <summary>The alert that it answers; of one alert and key there is one.</summary>
    public Guid AlertId { get; set; }

    /// <summary><see cref="AnomalyResponses.Throttle"/> or <see cref="AnomalyResponses.Stop"/>.</summary>
    public required string Kind { get; set; }

    /// <summary>Of a throttle: most requests a minute.</summary>
    public int? RequestsPerMinute { get; set; }

    /// <summary>Why, shown to refused callers.</summary>
    public required string Reason { get; set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Until when; null = until a person lifts it.</summary>
    public DateTimeOffset? Until { get; set; }

    /// <summary>When it ended; null = nobody has ended it, though its time may be over.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Who ended it, as in the audit.</summary>
    public string? EndedBy { get; set; }
}
