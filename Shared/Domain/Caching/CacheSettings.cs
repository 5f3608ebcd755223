using System.Text.Json.Serialization;

namespace AspireGateway.Shared.Domain.Caching;

/// <summary>How replies of a scope are kept. The nearest of key, team and organisation decides as a whole; see <see cref="CachePolicyScopes.Model"/> for models.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record CacheSettings
{
    /// <summary>How long an entry is fresh where nothing is set: one hour, in seconds.</summary>
    public const int DefaultTtlSeconds = 3_600;

    /// <summary>Longest time that an entry may be fresh: 30 days, in seconds.</summary>
    public const int MaxTtlSeconds = 2_592_000;

    /// <summary>Longest time past its freshness that an entry may be kept for the case that providers fail: 7 days, in seconds.</summary>
    public const int MaxServeStaleSeconds = 604_800;

    /// <summary>Largest reply that is kept where nothing is set, in bytes before compression.</summary>
    public const int DefaultMaxEntryBytes = 262_144;

    /// <summary>Largest bound that may be set, in bytes.</summary>
    public const int LargestMaxEntryBytes = 4_194_304;

    /// <summary>Smallest bound that may be set, in bytes.</summary>
    public const int SmallestMaxEntryBytes = 1_024;

    /// <summary>Least similarity that may be set.</summary>
    public const double LeastSimilarity = 0.5;

    /// <summary>Similarity that counts as the same where nothing is set and a model makes the vectors.</summary>
    public const double ModelSimilarity = 0.97;

    /// <summary>The same where the gateway makes them of the words alone: measured, see docs/caching.md.</summary>
    public const double LexicalSimilarity = 0.85;

    /// <summary>Longest name of an embedder.</summary>
    public const int MaxEmbedderLength = 200;

    /// <summary>Smallest beginning of a prompt that a provider is asked to keep where nothing is set, in tokens; models whose own bound is higher keep to that.</summary>
    public const int DefaultPrefixMinTokens = 1_024;

    /// <summary>Least bound that may be set, in tokens.</summary>
    public const int LeastPrefixMinTokens = 256;

    /// <summary>Largest bound that may be set, in tokens.</summary>
    public const int MaxPrefixMinTokens = 1_000_000;

    /// <summary>One of <see cref="CacheModes"/>.</summary>
    public required string Mode { get; init; }

    /// <summary>Who may get a reply that somebody else caused; one of <see cref="CacheScopes"/>, null = <see cref="CacheScopes.Team"/>.</summary>
    public string? Scope { get; init; }

    /// <summary>How long an entry is fresh, 1 to <see cref="MaxTtlSeconds"/> seconds; null = <see cref="DefaultTtlSeconds"/>. Callers may ask for less.</summary>
    public int? TtlSeconds { get; init; }

    /// <summary>Largest reply that is kept, <see cref="SmallestMaxEntryBytes"/> to <see cref="LargestMaxEntryBytes"/> bytes before compression; null = <see cref="DefaultMaxEntryBytes"/>.</summary>
    public int? MaxEntryBytes { get; init; }

    /// <summary>
    /// How long past its freshness an entry may be given when all providers failed and the model's degradation says <c>stale_cache</c>, 0 to
    /// <see cref="MaxServeStaleSeconds"/> seconds; null or 0 = never.
    /// </summary>
    public int? ServeStaleSeconds { get; init; }

    /// <summary>Which temperatures are kept; one of <see cref="CacheTemperatures"/>, null = <see cref="CacheTemperatures.Any"/>.</summary>
    public string? Temperature { get; init; }

    /// <summary>Whether requests that offer tools are kept.</summary>
    public bool Tools { get; init; }

    /// <summary>How close two questions must lie to be the same, <see cref="LeastSimilarity"/> to 1; null = <see cref="ModelSimilarity"/>, or <see cref="LexicalSimilarity"/> without an embedder. For <see cref="CacheModes.Semantic"/>.</summary>
    public double? Similarity { get; init; }

    /// <summary>The logical model that makes the vectors of questions; null = the gateway itself, of their words. For <see cref="CacheModes.Semantic"/>.</summary>
    public string? Embedder { get; init; }

    /// <summary>Whether providers are asked to keep the beginnings of prompts; one of <see cref="PrefixModes"/>, null = nothing is said here: as <see cref="PrefixModes.Off"/>, but a model's policy neither narrows nor is narrowed by it.</summary>
    public string? Prefix { get; init; }

    /// <summary>How long they are asked to keep them; one of <see cref="PrefixTimes"/>, null = <see cref="PrefixTimes.FiveMinutes"/>.</summary>
    public string? PrefixTtl { get; init; }

    /// <summary>Smallest beginning that is marked, <see cref="LeastPrefixMinTokens"/> to <see cref="MaxPrefixMinTokens"/> tokens; null = <see cref="DefaultPrefixMinTokens"/>.</summary>
    public int? PrefixMinTokens { get; init; }
}
