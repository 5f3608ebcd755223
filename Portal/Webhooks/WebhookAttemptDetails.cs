namespace AspireGateway.Portal.Webhooks;

/// <summary>One try to deliver an event. What was posted and what was answered are no part of it.</summary>
public sealed record WebhookAttemptDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The delivery; sent as <c>webhook-id</c>.</summary>
    public required Guid DeliveryId { get; init; }

    /// <summary>The event's type.</summary>
    public required string EventType { get; init; }

    /// <summary>Which try of the delivery, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long it took, in milliseconds.</summary>
    public required int DurationMs { get; init; }

    /// <summary>HTTP status; null = no answer.</summary>
    public int? Status { get; init; }

    /// <summary>What went wrong; null = it was taken.</summary>
    public string? Error { get; init; }

    /// <summary>When the next try was due; null = there was to be none.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Who asked for it; null = nobody, it was due.</summary>
    public string? AskedBy { get; init; }
}
