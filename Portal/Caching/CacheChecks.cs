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
        return new()
        {
            Mode = checks.Choice($"{Field}.mode", request.Mode, CacheModes.All), Scope = Optional(checks, $"{Field}.scope", request.Scope, CacheScopes.All), TtlSeconds = request.TtlSeconds,
            MaxEntryBytes = request.MaxEntryBytes, ServeStaleSeconds = request.ServeStaleSeconds is 0 ? null : request.ServeStaleSeconds,
            Temperature = Optional(checks, $"{Field}.temperature", request.Temperature, CacheTemperatures.All), Tools = request.Tools ?? false,
        };
    }

    private static string? Optional(FieldChecks checks, string field, string? value, IReadOnlyList<string> words) =>
        string.IsNullOrWhiteSpace(value) ? null : checks.Choice(field, value, words);
}
