namespace AspireGateway.Portal.Webhooks;

/// <summary>What webhooks are told of.</summary>
public static class WebhookEvents
{
    /// <summary>A budget passed one of its thresholds.</summary>
    public const string BudgetThreshold = "budget.threshold";

    /// <summary>A costly request waits for an approval.</summary>
    public const string ApprovalRequested = "approval.requested";

    /// <summary>Something is unusual.</summary>
    public const string AlertRaised = "alert.raised";

    /// <summary>Somebody tries the webhook. Sent to whom it is meant for, whatever it subscribed to.</summary>
    public const string Test = "webhook.test";

    /// <summary>Those that can be subscribed to.</summary>
    public static readonly IReadOnlyList<string> All = [BudgetThreshold, ApprovalRequested, AlertRaised, .. Shared.Domain.Routing.SteeringEvents.All];
}
