using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Gateway.Caching.Policies;

/// <summary>What a policy comes to for a request: everything is said.</summary>
internal sealed record CacheTerms
{
    /// <summary>Who shares replies; of <see cref="CacheScopes"/>.</summary>
    public required string Scope { get; init; }

    /// <summary>How long an entry is fresh, in seconds.</summary>
    public required int TtlSeconds { get; init; }

    /// <summary>Largest reply that is kept, in bytes before compression.</summary>
    public required int MaxEntryBytes { get; init; }

    /// <summary>How long past its freshness an entry may be given when providers fail, in seconds; 0 = never.</summary>
    public required int ServeStaleSeconds { get; init; }

    /// <summary>Whether only requests with temperature 0 are kept.</summary>
    public required bool NeedsTemperatureZero { get; init; }

    /// <summary>Whether requests that offer tools are kept.</summary>
    public required bool AllowsTools { get; init; }

    /// <summary>When another question is the same; null = never.</summary>
    public SemanticTerms? Semantic { get; init; }

    /// <summary>Of settings; null = nothing is kept. What is out of range is taken as the nearest that is in it.</summary>
    public static CacheTerms? Of(CacheSettings settings)
    {
        // A mode that a newer portal knows and this build does not keeps nothing.
        if (settings.Mode is not (CacheModes.Exact or CacheModes.Semantic)) return null;
        return new()
        {
            // A scope that is not known is taken as the narrowest.
            Scope = settings.Scope is null ? CacheScopes.Team : CacheScopes.All.Contains(settings.Scope) ? settings.Scope : CacheScopes.User,
            TtlSeconds = Math.Clamp(settings.TtlSeconds ?? CacheSettings.DefaultTtlSeconds, 1, CacheSettings.MaxTtlSeconds),
            MaxEntryBytes = Math.Clamp(settings.MaxEntryBytes ?? CacheSettings.DefaultMaxEntryBytes, CacheSettings.SmallestMaxEntryBytes, CacheSettings.LargestMaxEntryBytes),
            ServeStaleSeconds = Math.Clamp(settings.ServeStaleSeconds ?? 0, 0, CacheSettings.MaxServeStaleSeconds),
            NeedsTemperatureZero = settings.Temperature is not (null or CacheTemperatures.Any),
            AllowsTools = settings.Tools,
            Semantic = settings.Mode == CacheModes.Semantic ? SemanticTerms.Of(settings) : null,
        };
    }

    /// <summary>What both allow.</summary>
    public static CacheTerms Narrower(CacheTerms one, CacheTerms other) => new()
    {
        Scope = PlaceOf(one.Scope) >= PlaceOf(other.Scope) ? one.Scope : other.Scope,
        TtlSeconds = Math.Min(one.TtlSeconds, other.TtlSeconds),
        MaxEntryBytes = Math.Min(one.MaxEntryBytes, other.MaxEntryBytes),
        ServeStaleSeconds = Math.Min(one.ServeStaleSeconds, other.ServeStaleSeconds),
        NeedsTemperatureZero = one.NeedsTemperatureZero || other.NeedsTemperatureZero,
        AllowsTools = one.AllowsTools && other.AllowsTools,
        Semantic = SemanticTerms.Narrower(one.Semantic, other.Semantic),
    };

    private static int PlaceOf(string scope)
    {
        for (var i = 0; i < CacheScopes.All.Count; i++)
            if (CacheScopes.All[i] == scope) return i;
        return CacheScopes.All.Count;
    }
}
