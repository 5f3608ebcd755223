namespace AspireGateway.Shared.Domain.Caching;

/// <summary>Whether and how a scope's replies are kept and given again. One policy a scope.</summary>
public sealed class CachePolicy
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>What it is set on; of <see cref="CachePolicyScopes"/>.</summary>
    public required string ScopeKind { get; set; }

    /// <summary>Which one: the id of a team or key, the name of a model; null for the organisation.</summary>
    public string? ScopeId { get; set; }

    /// <summary>What holds there.</summary>
    public CacheSettings Settings { get; set; } = new() { Mode = CacheModes.Off };

    /// <summary>When it was set.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who set it.</summary>
    public required string CreatedBy { get; set; }
}
