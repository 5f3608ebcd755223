using AspireGateway.Portal.Webhooks.Channels;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.Webhooks;

/// <summary>Webhooks' events as people read them.</summary>
public static class WebhookWords
{
    /// <summary>Events that can be subscribed to, with their words.</summary>
    public static readonly IReadOnlyList<(string Type, string Words)> Subscribable = [.. WebhookEvents.All.Select(e => (e, Of(e)))];

    /// <summary>Kinds with their words.</summary>
    public static readonly IReadOnlyList<KindWords> Kinds =
        [new(ChannelKinds.Generic, "Webhook (signed JSON)"), new(ChannelKinds.Slack, "Slack"), new(ChannelKinds.Teams, "Microsoft Teams"), new(ChannelKinds.Email, "E-mail")];

    /// <summary>An event's words; an unknown one stays as it is.</summary>
    public static string Of(string type) => type switch
    {
        WebhookEvents.BudgetThreshold => "Budget thresholds",
        WebhookEvents.ApprovalRequested => "Requests that wait for approval",
        WebhookEvents.QuarantineCreated => "Requests that are quarantined",
        WebhookEvents.QuarantineDecided => "Quarantined requests that were decided",
        WebhookEvents.AlertRaised => "Alerts, at once",
        WebhookEvents.DigestDaily => "Daily digest",
        WebhookEvents.DigestWeekly => "Weekly digest",
        WebhookEvents.UsageExported => "Files of usage",
        SteeringEvents.PinMismatch => "Another version than the pinned one",
        SteeringEvents.CanaryTrip => "Canaries that rolled themselves back",
        SteeringEvents.CanaryRamp => "Canaries that went on a step",
        SteeringEvents.CredentialRefused => "Credentials that providers refuse",
        WebhookEvents.Test => "Test",
        _ => type,
    };

    /// <summary>A kind and its words.</summary>
    /// <param name="Kind">Of <see cref="ChannelKinds"/>.</param>
    /// <param name="Words">As people read it.</param>
    public sealed record KindWords(string Kind, string Words);
}
