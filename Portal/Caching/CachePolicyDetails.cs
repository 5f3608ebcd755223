using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Portal.Caching;

/// <summary>A cache policy as commands and the audit show it.</summary>
public record CachePolicyDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is set on; of <see cref="CachePolicyScopes"/>.</summary>
    public required string ScopeKind { get; init; }

    /// <summary>Which one: the id of a team or key, the name of a model; null for the organisation.</summary>
    public string? ScopeId { get; init; }

    /// <summary>What holds there.</summary>
    public required CacheSettings Settings { get; init; }

    /// <summary>When it was set.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who set it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static CachePolicyDetails Of(CachePolicy p) => new()
    {
        Id = p.Id, ScopeKind = p.ScopeKind, ScopeId = p.ScopeId, Settings = p.Settings, CreatedAt = p.CreatedAt, CreatedBy = p.CreatedBy,
    };
}

/// <summary>A cache policy in a list.</summary>
public sealed record CachePolicyRow : CachePolicyDetails
{
    /// <summary>Name of the team or key; null = the organisation, or deleted.</summary>
    public string? ScopeName { get; init; }
}
