using System.Globalization;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Gateway.Ingress;

/// <summary>Reads the header <c>x-gateway-cache</c>: <c>no-store</c>, <c>no-cache</c>, <c>only-if-cached</c>, <c>ttl=seconds</c>, <c>exact</c>, <c>no-prefix</c>, <c>similarity=share</c>, separated by commas (after RFC 9111, section 5.2.1).</summary>
internal static class CacheHeader
{
    private const string Name = "x-gateway-cache";

    /// <summary>Fills the facts; null = the header is acceptable, or not there.</summary>
    public static Refusal? Read(IHeaderDictionary headers, RequestFacts facts)
    {
        if (!headers.TryGetValue(Name, out var values)) return null;
        var text = values.ToString().AsSpan();
        foreach (var part in text.Split(','))
        {
            var word = text[part].Trim();
            if (word.SequenceEqual("no-store")) facts.CacheAsks |= CacheAsks.NoStore;
            else if (word.SequenceEqual("no-cache")) facts.CacheAsks |= CacheAsks.NoCache;
            else if (word.SequenceEqual("only-if-cached")) facts.CacheAsks |= CacheAsks.OnlyIfCached;
            else if (word.StartsWith("ttl=") && int.TryParse(word[4..], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 1 and <= CacheSettings.MaxTtlSeconds)
                facts.CacheTtlSeconds = Math.Min(seconds, facts.CacheTtlSeconds ?? seconds);
            else if (word.SequenceEqual("exact")) facts.CacheAsks |= CacheAsks.Exact;
            else if (word.SequenceEqual("no-prefix")) facts.CacheAsks |= CacheAsks.NoPrefix;
            else if (word.StartsWith("similarity=") && float.TryParse(word[11..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var similarity) && similarity is >= 0 and <= 1)
                facts.CacheSimilarity = Math.Max(similarity, facts.CacheSimilarity);
            else
                return Refusal.InvalidRequest(
                    $"Header '{Name}' takes 'no-store', 'no-cache', 'only-if-cached', 'exact', 'no-prefix', 'similarity=share' (0 to 1) and 'ttl=seconds' (1 to {CacheSettings.MaxTtlSeconds}), separated by commas.", Name);
        }
        return facts.CacheAsks.HasFlag(CacheAsks.NoCache | CacheAsks.OnlyIfCached)
            ? Refusal.InvalidRequest($"Header '{Name}' cannot ask for 'no-cache' and 'only-if-cached' at once: the one wants a new reply, the other one forbids it.", Name)
            : null;
    }
}
