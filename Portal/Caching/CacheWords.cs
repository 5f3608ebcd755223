using System.Globalization;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Scopes;
using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Portal.Caching;

/// <summary>Cache policies in words.</summary>
public static class CacheWords
{
    private static readonly (int Seconds, string Name)[] s_units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];

    /// <summary>What a policy says: "Exact, shared within the team, 1 hour".</summary>
    public static string Of(CacheSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Mode == CacheModes.Off ? settings.Prefix is PrefixModes.Auto or PrefixModes.Always ? "No replies are kept" : "Off" : $"{(settings.Mode == CacheModes.Semantic ? "Similar questions too" : "Exact")}, {Shared(settings.Scope)}, {Time(settings.TtlSeconds ?? CacheSettings.DefaultTtlSeconds)}";
    }

    /// <summary>What else it says, where that is not as usual; empty = nothing.</summary>
    public static string More(CacheSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Mode == CacheModes.Off) return Prefix(settings) is { Length: > 0 } alone ? char.ToUpperInvariant(alone[0]) + alone[1..] : "";
        var parts = new List<string>();
        if (settings.Mode == CacheModes.Semantic) parts.Add(Measure(settings));
        if (settings.Temperature == CacheTemperatures.Zero) parts.Add("only requests at temperature 0");
        if (settings.Tools) parts.Add("also requests that offer tools");
        if (settings.MaxEntryBytes is { } bytes) parts.Add($"replies up to {Quantity.Bytes(bytes)}");
        if (settings.ServeStaleSeconds is { } stale and > 0) parts.Add($"up to {Time(stale)} past its time where providers fail and the model allows it");
        if (Prefix(settings) is { Length: > 0 } prefix) parts.Add(prefix);
        return parts.Count == 0 ? "" : char.ToUpperInvariant(parts[0][0]) + string.Join("; ", parts)[1..];
    }

    /// <summary>What it says of the beginnings of prompts: "providers keep beginnings of prompts that were seen before, from 1,024 tokens on, for 5 minutes after each use"; empty = nothing.</summary>
    public static string Prefix(CacheSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Prefix switch
        {
            null => "",
            PrefixModes.Off => "providers are not asked to keep beginnings of prompts",
            _ => $"providers keep beginnings of prompts{(settings.Prefix == PrefixModes.Auto ? " that were seen before" : "")}, from {Quantity.Exact(settings.PrefixMinTokens ?? CacheSettings.DefaultPrefixMinTokens)} tokens on, for {(settings.PrefixTtl == PrefixTimes.Hour ? "1 hour" : "5 minutes")} after each use",
        };
    }

    /// <summary>What a policy will do, in whole sentences.</summary>
    /// <param name="whose">Whose requests: "team Commerce".</param>
    /// <param name="kind">What it is set on.</param>
    /// <param name="settings">The settings.</param>
    public static string Sentence(string whose, string kind, CacheSettings settings) => OfReplies(whose, kind, settings) + (Prefix(settings) is { Length: > 0 } prefix ? $" {char.ToUpperInvariant(prefix[0])}{prefix[1..]}." : "");

    private static string OfReplies(string whose, string kind, CacheSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Mode == CacheModes.Off) return $"No reply to requests of {whose} is kept or given again, whatever wider policies say.";
        var who = settings.Scope switch
        {
            CacheScopes.Organisation => "from any key of the organisation",
            CacheScopes.Key => "from the same key",
            CacheScopes.User => "from the same user at the same key",
            _ => "from any key of the same team",
        };
        var narrows = kind == CachePolicyScopes.Model ? " Where whoever asks has a policy too, the narrower of both holds." : "";
        var time = Time(settings.TtlSeconds ?? CacheSettings.DefaultTtlSeconds);
        return settings.Mode == CacheModes.Semantic
            ? $"A request of {whose} that says the same as one before, {who}, or whose last message asks the same in {(settings.Embedder is null ? "other forms of the same words" : "other words")}, gets that one's reply for {time}: at once and at {(settings.Embedder is null ? "no cost" : "the cost of one vector")}.{narrows}"
            : $"A request of {whose} that says the same as one before, {who}, gets that one's reply for {time}: at once and at no cost.{narrows}";
    }

    /// <summary>How close questions must lie, and by whose measure: "questions as close as 0.97 by embed".</summary>
    public static string Measure(CacheSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var least = settings.Similarity ?? (settings.Embedder is null ? CacheSettings.LexicalSimilarity : CacheSettings.ModelSimilarity);
        return $"questions as close as {least.ToString("0.###", CultureInfo.InvariantCulture)} by {settings.Embedder ?? "their words"}";
    }

    /// <summary>Who shares replies: "shared within the team".</summary>
    public static string Shared(string? scope) => scope switch
    {
        CacheScopes.Organisation => "shared within the organisation",
        CacheScopes.Key => "shared by nobody beside the key",
        CacheScopes.User => "for each user alone",
        _ => "shared within the team",
    };

    /// <summary>A time in its largest whole unit: "1 hour", "90 minutes".</summary>
    /// <param name="seconds">The time, in seconds; more than 0.</param>
    public static string Time(int seconds)
    {
        var (unit, name) = Array.Find(s_units, u => seconds % u.Seconds == 0);
        var count = seconds / unit;
        return count == 1 ? $"1 {name}" : $"{Quantity.Exact(count)} {name}s";
    }

    /// <summary>Whose it is within a sentence: "the organisation", "model fast".</summary>
    public static string Whose(CachePolicyRow policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return ScopeWords.Within(policy.ScopeKind, policy.ScopeId, policy.ScopeName);
    }
}
