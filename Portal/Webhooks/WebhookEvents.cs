namespace AspireGateway.Portal.Webhooks;

/// <summary>What webhooks are told of.</summary>
public static class WebhookEvents
{
    /// <summary>A budget passed one of its thresholds.</summary>
    public const string BudgetThreshold = "budget.threshold";

    /// <summary>A costly request waits for an approval.</summary>
    public const string ApprovalRequested = "approval.requested";

    /// <summary>A guardrail keeps a request for a reviewer.</summary>
    public const string QuarantineCreated = "quarantine.created";

    /// <summary>A quarantined request was released or rejected, or nobody decided in time.</summary>
    public const string QuarantineDecided = "quarantine.decided";

    /// <summary>Something is unusual.</summary>
    public const string AlertRaised = "alert.raised";

    /// <summary>What happened yesterday.</summary>
    public const string DigestDaily = "digest.daily";

    /// <summary>What happened last week.</summary>
    public const string DigestWeekly = "digest.weekly";

    /// <summary>A file of usage was written.</summary>
    public const string UsageExported = "usage.exported";

    /// <summary>Somebody tries the webhook. Sent to whom it is meant for, whatever it subscribed to.</summary>
    public const string Test = "webhook.test";

    /// <summary>Those that can be subscribed to.</summary>
    public static readonly IReadOnlyList<string> All = [BudgetThreshold, ApprovalRequested, QuarantineCreated, QuarantineDecided, AlertRaised, DigestDaily, DigestWeekly, UsageExported, .. Shared.Domain.Routing.SteeringEvents.All];
}
