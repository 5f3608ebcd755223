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

    /// <summary>Why it ended: <see cref="RoleSources.Mapping"/> = the identity provider's values map to nothing any more, and access returns with them; null = by hand.</summary>
    public string? DisabledReason { get; set; }

    /// <summary>Where role and teams come from; of <see cref="RoleSources"/>.</summary>
    public string RoleSource { get; set; } = RoleSources.Manual;

    /// <summary>Who signs in as this user; null = nobody has yet.</summary>
    public Guid? IdentityId { get; set; }
}

/// <summary>Where a user's role and teams come from.</summary>
public static class RoleSources
{
    /// <summary>Given by hand; signing in changes nothing of it.</summary>
    public const string Manual = "manual";

    /// <summary>From the identity provider's values by the sign-in mapping, anew whenever either changes.</summary>
    public const string Mapping = "mapping";
}
