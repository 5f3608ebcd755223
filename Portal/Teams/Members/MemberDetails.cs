namespace AspireGateway.Portal.Teams.Members;

/// <summary>Somebody's place in a team, as commands and the audit show it.</summary>
public sealed record MemberDetails
{
    /// <summary>The team.</summary>
    public required Guid TeamId { get; init; }

    /// <summary>The person.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Their address.</summary>
    public required string Email { get; init; }

    /// <summary>Whether they lead the team; counts for people whose role is team lead.</summary>
    public required bool IsLead { get; init; }
}
