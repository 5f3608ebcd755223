namespace AspireGateway.Shared.Caching;

/// <summary>The operations whose replies the cache keeps, by the names that records and <see cref="CachePurge.OfRoute"/> call them.</summary>
public static class CachedRoutes
{
    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = ["chat_completions", "responses", "messages", "embeddings"];
}
