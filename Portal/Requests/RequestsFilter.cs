namespace AspireGateway.Portal.Requests;

/// <summary>What requests to list; all conditions hold together.</summary>
public sealed record RequestsFilter
{
    /// <summary>Start, inclusive; missing = a day before the end.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>End, exclusive; missing = now. At most 31 days after the start.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only this team.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>Only this key.</summary>
    public Guid? KeyId { get; init; }

    /// <summary>Only this model.</summary>
    public string? Model { get; init; }

    /// <summary>Only this provider, by its slug.</summary>
    public string? Provider { get; init; }

    /// <summary>Only this deployment, by its name.</summary>
    public string? Deployment { get; init; }

    /// <summary>Only this ending; of <see cref="Shared.Domain.UsageStatuses"/>.</summary>
    public string? Status { get; init; }

    /// <summary>Only this HTTP status.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Only this feature.</summary>
    public string? Feature { get; init; }

    /// <summary>Only this end user.</summary>
    public string? UserId { get; init; }

    /// <summary>Only this agent.</summary>
    public string? Agent { get; init; }

    /// <summary>Only those in which this guardrail found something; of <see cref="Shared.Domain.Guardrails.GuardrailNames"/>.</summary>
    public string? Guardrail { get; init; }

    /// <summary>Only this request id.</summary>
    public string? RequestId { get; init; }

    /// <summary>Only those that cost at least so much, in nano-USD.</summary>
    public long? MinCostNanoUsd { get; init; }

    /// <summary>Only those that took at least so long, in milliseconds.</summary>
    public long? MinLatencyMs { get; init; }

    /// <summary>The page before's <c>next</c>.</summary>
    public string? After { get; init; }

    /// <summary>Rows of a page; at most 200.</summary>
    public int? Limit { get; init; }
}
