namespace AspireGateway.Shared.Domain.Caching;

/// <summary>What is recognised as the same question.</summary>
public static class CacheModes
{
    /// <summary>Nothing is kept and nothing is given.</summary>
    public const string Off = "off";

    /// <summary>A request that says the same, whatever its spelling as JSON.</summary>
    public const string Exact = "exact";

    /// <summary>Also one whose last message asks the same in other words.</summary>
    public const string Semantic = "semantic";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Off, Exact, Semantic];
}
