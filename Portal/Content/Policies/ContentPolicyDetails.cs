using AspireGateway.Shared.Domain.Content;

namespace AspireGateway.Portal.Content.Policies;

/// <summary>A content policy as commands and the audit show it.</summary>
public record ContentPolicyDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it is set on; of <see cref="ContentScopes.OfPolicies"/>.</summary>
    public required string ScopeKind { get; init; }

    /// <summary>Which one: the id of a team; null for the organisation.</summary>
    public string? ScopeId { get; init; }

    /// <summary>What holds there.</summary>
    public required ContentSettings Settings { get; init; }

    /// <summary>When it was set.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who set it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static ContentPolicyDetails Of(ContentPolicy p) => new()
    {
        Id = p.Id, ScopeKind = p.ScopeKind, ScopeId = p.ScopeId, Settings = p.Settings, CreatedAt = p.CreatedAt, CreatedBy = p.CreatedBy,
    };
}

/// <summary>A content policy in a list.</summary>
public sealed record ContentPolicyRow : ContentPolicyDetails
{
    /// <summary>Name of the team; null = the organisation, or deleted.</summary>
    public string? ScopeName { get; init; }
}
