using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.Pins;

/// <summary>A pin as commands and the audit show it.</summary>
public record PinDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose requests; of <see cref="PinScopes"/>.</summary>
    public required string ScopeKind { get; init; }

    /// <summary>Which one: a rule's, key's or team's id, or a feature's name; null = everybody's requests for the model.</summary>
    public string? ScopeId { get; init; }

    /// <summary>The logical model that is pinned.</summary>
    public required string Model { get; init; }

    /// <summary>Where it goes.</summary>
    public required Guid DeploymentId { get; init; }

    /// <summary>The provider's name of the version, which is asked for in place of the deployment's own.</summary>
    public required string Version { get; init; }

    /// <summary>What the provider's replies call it; null = as it is asked for.</summary>
    public string? ServedAs { get; init; }

    /// <summary>What becomes of requests while the version is not available; of <see cref="PinPolicies"/>.</summary>
    public required string OnUnavailable { get; init; }

    /// <summary>When it was set.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who set it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static PinDetails Of(Pin p) => new()
    {
        Id = p.Id, ScopeKind = p.ScopeKind, ScopeId = p.ScopeId, Model = p.Model, DeploymentId = p.DeploymentId, Version = p.Version, ServedAs = p.ServedAs,
        OnUnavailable = p.OnUnavailable, CreatedAt = p.CreatedAt, CreatedBy = p.CreatedBy,
    };
}

/// <summary>A pin in the list.</summary>
public sealed record PinRow : PinDetails
{
    /// <summary>The scope's name for people; null = everybody, or deleted.</summary>
    public string? ScopeName { get; init; }

    /// <summary>Name of the deployment.</summary>
    public required string Deployment { get; init; }

    /// <summary>When a reply last named another version, of the last 30 days; null = none did.</summary>
    public DateTimeOffset? MismatchAt { get; init; }

    /// <summary>The version that it named.</summary>
    public string? MismatchServed { get; init; }
}
