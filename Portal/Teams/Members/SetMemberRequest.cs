namespace AspireGateway.Portal.Teams.Members;

/// <summary>Who is to be in a team, and whether they lead it.</summary>
public sealed record SetMemberRequest
{
    /// <summary>The person's address. One who has never signed in by the identity provider, or was never made, is not known.</summary>
    public string? Email { get; init; }

    /// <summary>Whether they lead the team; missing = they do not.</summary>
    public bool IsLead { get; init; }
}
