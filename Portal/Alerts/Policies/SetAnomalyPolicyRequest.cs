using AspireGateway.Shared.Domain.Anomalies;

namespace AspireGateway.Portal.Alerts.Policies;

/// <summary>The policy of a scope; what was set on it before is replaced.</summary>
public sealed record SetAnomalyPolicyRequest
{
    /// <summary>What it is set on: <c>organisation</c>, <c>team</c> or <c>key</c>.</summary>
    public string? ScopeKind { get; init; }

    /// <summary>Which one: a team or key by id or name; missing for the organisation.</summary>
    public string? ScopeId { get; init; }

    /// <summary>What holds there.</summary>
    public AnomalySettingsRequest? Settings { get; init; }
}

/// <summary>What becomes of a key whose costs are raised as an alert that pages.</summary>
public sealed record AnomalySettingsRequest
{
    /// <summary><c>none</c>, <c>throttle</c> or <c>stop</c>.</summary>
    public string? OnAnomaly { get; init; }

    /// <summary>Of a throttle: most requests a minute, 1 to 1,000,000. With <c>of_usual</c> too, the smaller one holds.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Of a throttle: part of the rate that is usual for the key at that time, 0.05 to 6; missing = 1, unless <c>requests_per_minute</c> is there.</summary>
    public double? OfUsual { get; init; }

    /// <summary>For how many minutes, 1 to 43,200; 0 = until a person lifts it, missing = 60.</summary>
    public int? Minutes { get; init; }

    /// <summary>Of settings that are set.</summary>
    public static AnomalySettingsRequest Of(AnomalySettings s) => new() { OnAnomaly = s.OnAnomaly, RequestsPerMinute = s.RequestsPerMinute, OfUsual = s.OfUsual, Minutes = s.Minutes };
}
