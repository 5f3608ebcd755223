using AspireGateway.Shared.Domain.Caching;

namespace AspireGateway.Portal.Caching.Purging;

/// <summary>By what can be purged.</summary>
public static class PurgeScopes
{
    /// <summary>Everything of the organisation.</summary>
    public const string Organisation = CachePolicyScopes.Organisation;

    /// <summary>What was made of requests for a logical model.</summary>
    public const string Model = CachePolicyScopes.Model;

    /// <summary>What was made on a route, such as <c>chat_completions</c>.</summary>
    public const string Route = "route";

    /// <summary>What was made for a team's keys.</summary>
    public const string Team = CachePolicyScopes.Team;

    /// <summary>What was made for a virtual key.</summary>
    public const string Key = CachePolicyScopes.Key;

    /// <summary>What was made of requests with a tag.</summary>
    public const string Tag = "tag";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Organisation, Model, Route, Team, Key, Tag];
}
