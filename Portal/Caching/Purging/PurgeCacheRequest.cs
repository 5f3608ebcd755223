namespace AspireGateway.Portal.Caching.Purging;

/// <summary>What is purged.</summary>
public sealed record PurgeCacheRequest
{
    /// <summary>By what: <c>organisation</c> (everything), <c>model</c>, <c>route</c>, <c>team</c>, <c>key</c> or <c>tag</c>.</summary>
    public string? ScopeKind { get; init; }

    /// <summary>Which one: a model by name, a route as <c>chat_completions</c>, a team or key by id or name, a tag as <c>name=value</c>; missing for the organisation.</summary>
    public string? ScopeId { get; init; }
}

/// <summary>What was purged, as the command and the audit show it.</summary>
public sealed record CachePurgeDetails
{
    /// <summary>By what; of <see cref="PurgeScopes"/>.</summary>
    public required string ScopeKind { get; init; }

    /// <summary>Which one: the id of a team or key, else a name; null for the organisation.</summary>
    public string? ScopeId { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset PurgedAt { get; init; }
}
