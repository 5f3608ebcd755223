using System.Globalization;
using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Portal.Caching;

/// <summary>Checks the settings of a policy; each fault names its field by its path.</summary>
internal static class CacheChecks
{
    private const string Field = "settings";

    /// <summary>The settings as they are kept; meaningless where a fault was added.</summary>
    /// <param name="checks">Takes the faults.</param>
    /// <param name="request">The settings as sent.</param>
    public static CacheSettings Read(FieldChecks checks, CacheSettingsRequest? request)
    {
        if (request is null)
        {
            checks.Add(Field, "settings is required: say at least its mode.");
            return new() { Mode = CacheModes.Off };
        }
        checks.Range($"{Field}.ttl_seconds", request.TtlSeconds, 1, CacheSettings.MaxTtlSeconds);
        checks.Range($"{Field}.max_entry_bytes", request.MaxEntryBytes, CacheSettings.SmallestMaxEntryBytes, CacheSettings.LargestMaxEntryBytes);
        checks.Range($"{Field}.serve_stale_seconds", request.ServeStaleSeconds, 0, CacheSettings.MaxServeStaleSeconds);
        checks.Must(
            request.Similarity is null or (>= CacheSettings.LeastSimilarity and <= 1), $"{Field}.similarity",
            $"{Field}.similarity must be from {CacheSettings.LeastSimilarity.ToString(CultureInfo.InvariantCulture)} to 1: how close two questions lie that are the same.");
        var mode = checks.Choice($"{Field}.mode", request.Mode, CacheModes.All);
        var embedder = string.IsNullOrWhiteSpace(request.Embedder) ? null : checks.Text($"{Field}.embedder", request.Embedder, CacheSettings.MaxEmbedderLength);
        // What would have no effect is a mistake.
        checks.Must(mode == CacheModes.Semantic || request.Similarity is null, $"{Field}.similarity", $"{Field}.similarity is for mode 'semantic': leave it out, or set that mode.");
        checks.Must(mode == CacheModes.Semantic || embedder is null, $"{Field}.embedder", $"{Field}.embedder is for mode 'semantic': leave it out, or set that mode.");
        checks.Range($"{Field}.prefix_min_tokens", request.PrefixMinTokens, CacheSettings.LeastPrefixMinTokens, CacheSettings.MaxPrefixMinTokens);
        var prefix = Optional(checks, $"{Field}.prefix", request.Prefix, PrefixModes.All);
        var prefixTtl = Optional(checks, $"{Field}.prefix_ttl", request.PrefixTtl, PrefixTimes.All);
        var marks = prefix is PrefixModes.Auto or PrefixModes.Always;
        checks.Must(marks || prefixTtl is null, $"{Field}.prefix_ttl", $"{Field}.prefix_ttl is for prefix 'auto' or 'always': leave it out, or set one of those.");
        checks.Must(marks || request.PrefixMinTokens is null, $"{Field}.prefix_min_tokens", $"{Field}.prefix_min_tokens is for prefix 'auto' or 'always': leave it out, or set one of those.");
        return new()
        {
            Prefix = prefix, PrefixTtl = prefixTtl, PrefixMinTokens = request.PrefixMinTokens,
            Mode = mode, Similarity = request.Similarity, Embedder = embedder, Scope = Optional(checks, $"{Field}.scope", request.Scope, CacheScopes.All), TtlSeconds = request.TtlSeconds,
            MaxEntryBytes = request.MaxEntryBytes, ServeStaleSeconds = request.ServeStaleSeconds is 0 ? null : request.ServeStaleSeconds,
            Temperature = Optional(checks, $"{Field}.temperature", request.Temperature, CacheTemperatures.All), Tools = request.Tools ?? false,
        };
    }

    private static string? Optional(FieldChecks checks, string field, string? value, IReadOnlyList<string> words) =>
        string.IsNullOrWhiteSpace(value) ? null : checks.Choice(field, value, words);
}
