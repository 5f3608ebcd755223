using System.Text.Json;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Webhooks;

/// <summary>An event's way to a webhook.</summary>
public sealed record WebhookDeliveryDetails
{
    /// <summary>UUIDv7; sent as <c>webhook-id</c>, the same at every try.</summary>
    public required Guid Id { get; init; }

    /// <summary>The webhook.</summary>
    public required Guid WebhookId { get; init; }

    /// <summary>The event's type.</summary>
    public required string EventType { get; init; }

    /// <summary>What is posted.</summary>
    public required JsonElement Payload { get; init; }

    /// <summary>How it stands: <c>pending</c>, <c>delivered</c>, or <c>given_up</c>.</summary>
    public required string State { get; init; }

    /// <summary>When the event was put on its way.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Tries so far.</summary>
    public required int Attempts { get; init; }

    /// <summary>When the next try is due; null = there is none.</summary>
    public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>When it was taken; null = not yet.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    /// <summary>HTTP status of the last try; null = no answer.</summary>
    public int? LastStatus { get; init; }

    /// <summary>What went wrong last.</summary>
    public string? LastError { get; init; }

    /// <summary>Of a row.</summary>
    public static WebhookDeliveryDetails Of(WebhookDelivery d)
    {
        using var payload = JsonDocument.Parse(d.Payload);
        return new()
        {
            Id = d.Id, WebhookId = d.WebhookId, EventType = d.EventType, Payload = payload.RootElement.Clone(),
            State = d.DeliveredAt is not null ? "delivered" : d.NextAttemptAt is not null ? "pending" : "given_up",
            CreatedAt = d.CreatedAt, Attempts = d.Attempts, NextAttemptAt = d.NextAttemptAt, DeliveredAt = d.DeliveredAt, LastStatus = d.LastStatus, LastError = d.LastError,
        };
    }
}
