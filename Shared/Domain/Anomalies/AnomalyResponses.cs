namespace AspireGateway.Shared.Domain.Anomalies;

/// <summary>What becomes of a key that runs away.</summary>
public static class AnomalyResponses
{
    /// <summary>Nothing: people are told, and look.</summary>
    public const string None = "none";

    /// <summary>It may make so many requests a minute and no more, beside all the limits that it has.</summary>
    public const string Throttle = "throttle";

    /// <summary>Its requests are refused.</summary>
    public const string Stop = "stop";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [None, Throttle, Stop];
}
