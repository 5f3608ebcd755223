using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Portal.Caching;

/// <summary>The policy of a scope; what was set on it before is replaced.</summary>
public sealed record SetCachePolicyRequest
{
    /// <summary>What it is set on: <c>organisation</c>, <c>team</c>, <c>key</c> or <c>model</c>.</summary>
    public string? ScopeKind { get; init; }

    /// <summary>Which one: a team or key by id or name, a model by name; missing for the organisation.</summary>
    public string? ScopeId { get; init; }

    /// <summary>What holds there.</summary>
    public CacheSettingsRequest? Settings { get; init; }
}

/// <summary>Whether and how replies of a scope are kept.</summary>
public sealed record CacheSettingsRequest
{
    /// <summary><c>off</c>; <c>exact</c>: replies to requests that say the same are given again; <c>semantic</c>: also replies to those whose last message asks the same in other words.</summary>
    public string? Mode { get; init; }

    /// <summary>Who shares replies: <c>organisation</c>, <c>team</c> (where it is missing), <c>key</c> or <c>user</c>.</summary>
    public string? Scope { get; init; }

    /// <summary>How long a reply is fresh, 1 to 2,592,000 seconds; missing = 3,600.</summary>
    public int? TtlSeconds { get; init; }

    /// <summary>Largest reply that is kept, 1,024 to 4,194,304 bytes; missing = 262,144.</summary>
    public int? MaxEntryBytes { get; init; }

    /// <summary>How long past its time a reply may stand in when all providers failed and the model's degradation allows it, 0 to 604,800 seconds; missing = never.</summary>
    public int? ServeStaleSeconds { get; init; }

    /// <summary><c>any</c> (where it is missing) or <c>zero</c>: only requests that ask for temperature 0.</summary>
    public string? Temperature { get; init; }

    /// <summary>Whether requests that offer tools are kept; missing = false.</summary>
    public bool? Tools { get; init; }

    /// <summary>For <c>semantic</c>: how close two questions must lie, 0.5 to 1; missing = 0.97 with an embedder, 0.85 without.</summary>
    public double? Similarity { get; init; }

    /// <summary>For <c>semantic</c>: the embeddings model whose vectors are compared, by name; missing = the words themselves are, in the gateway.</summary>
    public string? Embedder { get; init; }

    /// <summary>Whether providers are asked to keep the beginnings of prompts: <c>off</c>, <c>auto</c> (those that were seen before) or <c>always</c>; missing = nothing is said here.</summary>
    public string? Prefix { get; init; }

    /// <summary>How long they are asked to: <c>5m</c> (where it is missing) or <c>1h</c>.</summary>
    public string? PrefixTtl { get; init; }

    /// <summary>Smallest beginning that is marked, 256 to 1,000,000 tokens; missing = 1,024.</summary>
    public int? PrefixMinTokens { get; init; }

    /// <summary>Of settings that are set; what is as usual is left out.</summary>
    public static CacheSettingsRequest Of(CacheSettings s) => new()
    {
        Mode = s.Mode, Scope = s.Scope, TtlSeconds = s.TtlSeconds, MaxEntryBytes = s.MaxEntryBytes, ServeStaleSeconds = s.ServeStaleSeconds, Temperature = s.Temperature, Tools = s.Tools ? true : null,
        Similarity = s.Similarity, Embedder = s.Embedder, Prefix = s.Prefix, PrefixTtl = s.PrefixTtl, PrefixMinTokens = s.PrefixMinTokens,
    };
}
