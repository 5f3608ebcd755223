namespace AspireGateway.Portal.Users;

/// <summary>That somebody's sessions were ended.</summary>
public sealed record EndedSessions
{
    /// <summary>The user. Not called id: what happened to sessions is no change of the person, and bars no undo of one.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Address.</summary>
    public required string Email { get; init; }

    /// <summary>How many sessions stood until then.</summary>
    public required int Ended { get; init; }
}
