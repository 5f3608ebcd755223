namespace AspireGateway.Shared.Domain.Caching;

/// <summary>Who shares replies.</summary>
public static class CacheScopes
{
    /// <summary>Every key of the organisation.</summary>
    public const string Organisation = "organisation";

    /// <summary>Every key of a team.</summary>
    public const string Team = "team";

    /// <summary>One virtual key.</summary>
    public const string Key = "key";

    /// <summary>One end user at one virtual key; requests that name no user are not kept.</summary>
    public const string User = "user";

    /// <summary>All of them, the widest first.</summary>
    public static readonly IReadOnlyList<string> All = [Organisation, Team, Key, User];
}
