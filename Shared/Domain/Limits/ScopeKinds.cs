namespace AspireGateway.Shared.Domain.Limits;

/// <summary>What a limit, a budget or a stop can be set on.</summary>
public static class ScopeKinds
{
    /// <summary>The whole installation, all organisations together; has no id. An operator's.</summary>
    public const string Global = "global";

    /// <summary>An organisation; its own id.</summary>
    public const string Organisation = "organisation";

    /// <summary>A team; its id.</summary>
    public const string Team = "team";

    /// <summary>An end user, by the name that callers give (<c>x-gateway-user</c>, the body's <c>user</c>), or that the key pins.</summary>
    public const string User = "user";

    /// <summary>A virtual key; its id.</summary>
    public const string Key = "key";

    /// <summary>A feature, by its name.</summary>
    public const string Feature = "feature";

    /// <summary>An agent, by its name.</summary>
    public const string Agent = "agent";

    /// <summary>A logical model or <c>provider/model</c>, by its name.</summary>
    public const string Model = "model";

    /// <summary>A deployment; its id. What its provider allows (a quota), taken for each attempt.</summary>
    public const string Deployment = "deployment";

    /// <summary>All of them, from wide to narrow.</summary>
    public static readonly IReadOnlyList<string> All = [Global, Organisation, Team, User, Key, Feature, Agent, Model, Deployment];

    /// <summary>Those of which a default may be set: it holds for every one that has none of its own.</summary>
    public static readonly IReadOnlyList<string> WithDefaults = [Team, User, Key, Feature, Agent, Model, Deployment];
}
