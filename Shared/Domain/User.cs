namespace AspireGateway.Shared.Domain;

/// <summary>A person who signs in to the portal.</summary>
public sealed class User
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>Address, lower case; unique in the organisation.</summary>
    public required string Email { get; set; }

    /// <summary>Name that people read.</summary>
    public required string DisplayName { get; set; }

    /// <summary>What the person may do; one of <see cref="Roles"/>.</summary>
    public required string Role { get; set; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>When access ended; null = active.</summary>
    public DateTimeOffset? DisabledAt { get; set; }
}
