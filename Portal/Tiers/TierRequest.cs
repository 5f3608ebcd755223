namespace AspireGateway.Portal.Tiers;

/// <summary>A tier's values; what is missing is no limit. At least one is set.</summary>
public sealed record TierRequest
{
    /// <summary>Its name, 1 to 100 characters; unique in the organisation.</summary>
    public string? Name { get; init; }

    /// <summary>Requests a minute, 1 to 1,000,000,000,000.</summary>
    public long? RequestsPerMinute { get; init; }

    /// <summary>Tokens a minute, 1 to 1,000,000,000,000.</summary>
    public long? TokensPerMinute { get; init; }

    /// <summary>Requests at the same time, 1 to 1,000,000,000,000.</summary>
    public long? Concurrency { get; init; }
}

/// <summary>Who is given which tier.</summary>
public sealed record AssignTierRequest
{
    /// <summary><c>key</c>, <c>team</c> or <c>user</c>.</summary>
    public string? ScopeKind { get; init; }

    /// <summary>Which one: the id or name of a key or team, the name of a user; missing = every one that has no tier of its own.</summary>
    public string? ScopeId { get; init; }

    /// <summary>The tier: its id or its name.</summary>
    public string? Tier { get; init; }
}
