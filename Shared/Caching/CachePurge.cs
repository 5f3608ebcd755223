namespace AspireGateway.Shared.Caching;

/// <summary>
/// What can be purged, as fields of <see cref="CacheKeys.Epochs"/>. To purge: <c>HINCRBY</c> the field by 1, then <c>INCR</c> <see cref="CacheKeys.PurgeNumber"/>.
/// From then on no entry that depends on it is given; its memory is free when it is next asked for, or at the end of its time.
/// </summary>
public static class CachePurge
{
    /// <summary>Everything of the organisation.</summary>
    public const string All = "all";

    /// <summary>What was made of requests for a logical model.</summary>
    public static string OfModel(string name) => "model:" + name;

    /// <summary>What was made for a team's keys.</summary>
    public static string OfTeam(Guid team) => $"team:{team:N}";

    /// <summary>What was made for a virtual key.</summary>
    public static string OfKey(Guid key) => $"key:{key:N}";

    /// <summary>What was made on a route: the name of an operation, such as <c>chat_completions</c>.</summary>
    public static string OfRoute(string operation) => "route:" + operation;

    /// <summary>What was made of requests with a tag.</summary>
    public static string OfTag(string name, string value) => $"tag:{name}={value}";
}
