using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Tiers;

/// <summary>A tier as lists and the audit show it.</summary>
public sealed record TierDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its name; unique in the organisation.</summary>
    public required string Name { get; init; }

    /// <summary>Requests a minute; null = no such limit.</summary>
    public long? RequestsPerMinute { get; init; }

    /// <summary>Tokens a minute; null = no such limit.</summary>
    public long? TokensPerMinute { get; init; }

    /// <summary>Requests at the same time; null = no such limit.</summary>
    public long? Concurrency { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Of a row.</summary>
    public static TierDetails Of(Tier t) => new()
    {
        Id = t.Id, Name = t.Name, RequestsPerMinute = t.RequestsPerMinute, TokensPerMinute = t.TokensPerMinute, Concurrency = t.Concurrency, CreatedAt = t.CreatedAt,
    };
}

/// <summary>Who has a tier, as commands and the audit show it.</summary>
public record TierAssignmentDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary><c>key</c>, <c>team</c> or <c>user</c>.</summary>
    public required string ScopeKind { get; init; }

    /// <summary>Which one; null = every one that has no tier of its own.</summary>
    public string? ScopeId { get; init; }

    /// <summary>The tier.</summary>
    public required Guid TierId { get; init; }

    /// <summary>Of a row.</summary>
    public static TierAssignmentDetails Of(TierAssignment a) => new() { Id = a.Id, ScopeKind = a.ScopeKind, ScopeId = a.ScopeId, TierId = a.TierId };
}

/// <summary>Who has a tier, in the list.</summary>
public sealed record TierAssignmentRow : TierAssignmentDetails
{
    /// <summary>The tier's name.</summary>
    public required string TierName { get; init; }

    /// <summary>The scope's name for people; null = the default.</summary>
    public string? ScopeName { get; init; }
}
