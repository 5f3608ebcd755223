namespace AspireGateway.Shared.Domain.Caching;

/// <summary>Which requests may be answered from the cache, by the temperature that they ask for.</summary>
public static class CacheTemperatures
{
    /// <summary>Only those that ask for temperature 0.</summary>
    public const string Zero = "zero";

    /// <summary>Whatever they ask for.</summary>
    public const string Any = "any";

    /// <summary>All of them, the narrower first.</summary>
    public static readonly IReadOnlyList<string> All = [Zero, Any];
}
