using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Webhooks;

/// <summary>A webhook as lists and the audit show it: never its secret.</summary>
public sealed record WebhookDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name that people read; unique in the organisation.</summary>
    public required string Name { get; init; }

    /// <summary>In which shape it is told; of <see cref="Channels.ChannelKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Where events are posted; of a chat its host only.</summary>
    public required string Url { get; init; }

    /// <summary>Which events it is told of; of <see cref="WebhookEvents"/>; empty = all.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>False: it is told nothing; what waits for it, waits on.</summary>
    public required bool IsEnabled { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Of a row.</summary>
    public static WebhookDetails Of(Webhook w) => new() { Id = w.Id, Name = w.Name, Kind = w.Kind, Url = w.Url, Events = w.Events, IsEnabled = w.IsEnabled, CreatedAt = w.CreatedAt };
}

/// <summary>A new webhook with its secret. The only time it is shown.</summary>
public sealed record CreatedWebhook
{
    /// <summary>The webhook.</summary>
    public required WebhookDetails Webhook { get; init; }

    /// <summary>The secret that signs its events, <c>whsec_...</c>; it cannot be shown again. Null for chats and mail, which are not signed.</summary>
    public required string? Secret { get; init; }

    // Records print their members; this one must not reach a log.
    private bool PrintMembers(System.Text.StringBuilder text)
    {
        text.Append("Webhook = ").Append(Webhook.Id);
        return true;
    }
}
