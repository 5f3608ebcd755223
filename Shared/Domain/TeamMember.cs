namespace AspireGateway.Shared.Domain;

/// <summary>A user's place in a team.</summary>
public sealed class TeamMember
{
    /// <summary>The team.</summary>
    public Guid TeamId { get; set; }

    /// <summary>The member.</summary>
    public Guid UserId { get; set; }

    /// <summary>True for those who lead this team.</summary>
    public bool IsLead { get; set; }
}
