namespace AspireGateway.Shared.Domain.Content;

/// <summary>What content policies and legal holds are set on.</summary>
public static class ContentScopes
{
    /// <summary>Every request of the organisation.</summary>
    public const string Organisation = "organisation";

    /// <summary>Requests of a team's keys. A team's policy decides as a whole, the organisation's is not looked at.</summary>
    public const string Team = "team";

    /// <summary>Requests of an end user; for holds only.</summary>
    public const string User = "user";

    /// <summary>What policies are set on.</summary>
    public static readonly IReadOnlyList<string> OfPolicies = [Organisation, Team];

    /// <summary>What holds are set on.</summary>
    public static readonly IReadOnlyList<string> OfHolds = [Organisation, Team, User];
}
