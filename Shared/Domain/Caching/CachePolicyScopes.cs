namespace AspireGateway.Shared.Domain.Caching;

/// <summary>What cache policies are set on.</summary>
public static class CachePolicyScopes
{
    /// <summary>Every request of the organisation.</summary>
    public const string Organisation = "organisation";

    /// <summary>Requests of a team's keys.</summary>
    public const string Team = "team";

    /// <summary>Requests of a virtual key.</summary>
    public const string Key = "key";

    /// <summary>Requests that go to a logical model. Where a policy holds for who asks, this one only narrows it; alone it holds by itself.</summary>
    public const string Model = "model";

    /// <summary>All of them.</summary>
    public static readonly IReadOnlyList<string> All = [Organisation, Team, Key, Model];
}
