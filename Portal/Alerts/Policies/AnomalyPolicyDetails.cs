using AspireGateway.Shared.Domain.Anomalies;

namespace AspireGateway.Portal.Alerts.Policies;

/// <summary>An anomaly policy as commands and the audit show it.</summary>
public record AnomalyPolicyDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is set on; of <see cref="AnomalyPolicy.Scopes"/>.</summary>
    public required string ScopeKind { get; init; }

    /// <summary>Which one: the id of a team or key; null for the organisation.</summary>
    public string? ScopeId { get; init; }

    /// <summary>What holds there.</summary>
    public required AnomalySettings Settings { get; init; }

    /// <summary>When it was set.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who set it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static AnomalyPolicyDetails Of(AnomalyPolicy p) => new()
    {
        Id = p.Id, ScopeKind = p.ScopeKind, ScopeId = p.ScopeId, Settings = p.Settings, CreatedAt = p.CreatedAt, CreatedBy = p.CreatedBy,
    };
}

/// <summary>An anomaly policy in a list.</summary>
public sealed record AnomalyPolicyRow : AnomalyPolicyDetails
{
    /// <summary>Name of the team or key; null = the organisation, or deleted.</summary>
    public string? ScopeName { get; init; }
}
