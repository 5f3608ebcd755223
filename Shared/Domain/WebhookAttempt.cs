namespace AspireGateway.Shared.Domain;

/// <summary>One try to deliver an event; it goes with its delivery.</summary>
public sealed class WebhookAttempt
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The webhook.</summary>
    public Guid WebhookId { get; set; }

    /// <summary>The delivery.</summary>
    public Guid DeliveryId { get; set; }

    /// <summary>Which try of the delivery, from 1.</summary>
    public int Number { get; set; }

    /// <summary>When it began.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>How long it took, in milliseconds.</summary>
    public int DurationMs { get; set; }

    /// <summary>HTTP status; null = no answer.</summary>
    public int? Status { get; set; }

    /// <summary>What went wrong, in a few words of ours; null = it was taken.</summary>
    public string? Error { get; set; }

    /// <summary>When the next try was due; null = there was to be none.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    /// <summary>Who asked for it; null = nobody, it was due.</summary>
    public string? AskedBy { get; set; }
}
