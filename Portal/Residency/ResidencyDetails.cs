using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Portal.Residency;

/// <summary>A residency rule as commands, lists and the audit show it.</summary>
public sealed record ResidencyDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is set on; of <see cref="ResidencyScopes"/>.</summary>
    public required string ScopeKind { get; init; }

    /// <summary>Which one: the name of a data class, user or feature; null for the organisation.</summary>
    public string? ScopeId { get; init; }

    /// <summary>Region patterns in which its requests may be processed.</summary>
    public required IReadOnlyList<string> Regions { get; init; }

    /// <summary>When it was set.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who set it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static ResidencyDetails Of(ResidencyRule r) => new()
    {
        Id = r.Id, ScopeKind = r.ScopeKind, ScopeId = r.ScopeId, Regions = r.Regions, CreatedAt = r.CreatedAt, CreatedBy = r.CreatedBy,
    };
}

/// <summary>Regions for a scope; what was set on it before is replaced.</summary>
public sealed record SetResidencyRequest
{
    /// <summary>What it is set on: <c>organisation</c>, <c>data_class</c>, <c>user</c> or <c>feature</c>. Keys and teams have <c>allowed_regions</c> of their own.</summary>
    public string? ScopeKind { get; init; }

    /// <summary>Which one: the name of a data class, user or feature, 1 to 128 characters; missing for the organisation.</summary>
    public string? ScopeId { get; init; }

    /// <summary>Region patterns, exact or with <c>*</c>, e.g. <c>eu-*</c>; at least one.</summary>
    public IReadOnlyList<string>? Regions { get; init; }
}
