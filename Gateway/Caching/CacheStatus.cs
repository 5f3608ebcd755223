namespace AspireGateway.Gateway.Caching;

/// <summary>What the cache did for a request; the values of <c>x-gateway-cache</c>.</summary>
internal static class CacheStatus
{
    /// <summary>It answered.</summary>
    public const string Hit = "hit";

    /// <summary>It answered with a reply to a similar question.</summary>
    public const string Semantic = "semantic";

    /// <summary>It was asked and had nothing.</summary>
    public const string Miss = "miss";

    /// <summary>It was not asked: the caller wants a new reply, or the request cannot be kept.</summary>
    public const string Bypass = "bypass";
}
