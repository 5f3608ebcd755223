namespace AspireGateway.Shared.Domain;

/// <summary>An address that is told of events.</summary>
public sealed class Webhook
{
    /// <summary>UUIDv7; also bound into the secret's encryption.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>Name that people read; unique in the organisation.</summary>
    public required string Name { get; set; }

    /// <summary>In which shape it is told: <c>generic</c>, <c>slack</c>, <c>teams</c> or <c>email</c>.</summary>
    public string Kind { get; set; } = "generic";

    /// <summary>Where events are posted; of a chat only what may be shown, the address itself is sealed; of mail <c>mailto:</c> and the recipients.</summary>
    public required string Url { get; set; }

    /// <summary>The secret that signs them, or the address of a chat, in the envelope of <see cref="Data.SecretBox"/>.</summary>
    public required byte[] SecretEnvelope { get; set; }

    /// <summary>Which events, e.g. <c>budget.threshold</c>; empty = all.</summary>
    public string[] Events { get; set; } = [];

    /// <summary>False: told nothing.</summary>
    public bool IsEnabled { get; set; } = true;

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>One event on its way to one webhook.</summary>
public sealed class WebhookDelivery
{
    /// <summary>UUIDv7; the receiver's idempotency key.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>The webhook.</summary>
    public Guid WebhookId { get; set; }

    /// <summary>The event's type.</summary>
    public required string EventType { get; set; }

    /// <summary>What is posted, as JSON.</summary>
    public required string Payload { get; set; }

    /// <summary>When the event happened.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Tries so far.</summary>
    public int Attempts { get; set; }

    /// <summary>When the next try is due; null = delivered, or given up.</summary>
    public DateTimeOffset? NextAttemptAt { get; set; }

    /// <summary>When it was taken; null = not yet.</summary>
    public DateTimeOffset? DeliveredAt { get; set; }

    /// <summary>HTTP status of the last try; null = no answer.</summary>
    public int? LastStatus { get; set; }

    /// <summary>What went wrong last, in a few words.</summary>
    public string? LastError { get; set; }
}
