namespace AspireGateway.Portal.Alerts;

/// <summary>Something that was unusual for a time.</summary>
public sealed record AlertRow
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is about; of <see cref="AlertKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Which one: a guardrail's name.</summary>
    public required string Subject { get; init; }

    /// <summary>What was measured, the largest since it was raised.</summary>
    public required double Value { get; init; }

    /// <summary>What was usual when it was raised.</summary>
    public required double Usual { get; init; }

    /// <summary>From which value it was raised.</summary>
    public required double Threshold { get; init; }

    /// <summary>When it was raised.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>When it was over; null = it is not.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>When somebody took it on; null = nobody did.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }

    /// <summary>Who took it on.</summary>
    public string? AcknowledgedBy { get; init; }
}
