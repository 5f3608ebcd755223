namespace AspireGateway.Gateway.Ingress;

/// <summary>What a caller asks of the cache (<c>x-gateway-cache</c>).</summary>
[Flags]
internal enum CacheAsks : byte
{
    /// <summary>Nothing: what the policies say.</summary>
    None = 0,

    /// <summary>The reply is not kept.</summary>
    NoStore = 1,

    /// <summary>The reply is made anew.</summary>
    NoCache = 2,

    /// <summary>Nobody is called: a kept reply or none.</summary>
    OnlyIfCached = 4,

    /// <summary>Only a reply to the same request: none to a similar question.</summary>
    Exact = 8,

    /// <summary>Nothing is done for providers' own caches: no marks, no key, no preference.</summary>
    NoPrefix = 16,
}
