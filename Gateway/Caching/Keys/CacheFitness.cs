namespace AspireGateway.Gateway.Caching.Keys;

/// <summary>What a request's body says of being kept.</summary>
[Flags]
internal enum CacheFitness
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It asks for temperature 0.</summary>
    TemperatureZero = 1,

    /// <summary>It offers tools, or has the provider use its own.</summary>
    Tools = 2,

    /// <summary>Its answer depends on what the provider remembers, comes later, or the body cannot be compared: it is never kept.</summary>
    Unfit = 4,
}
