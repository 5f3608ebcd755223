namespace AspireGateway.Shared.Domain;

/// <summary>A feature that somebody answers for. Features that only callers name have no row.</summary>
public sealed class RegisteredFeature
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>As requests name it in <c>x-gateway-feature</c>; unique in the organisation, never changes.</summary>
    public required string Name { get; set; }

    /// <summary>What it is for, in a sentence or two; null = nothing is said.</summary>
    public string? Description { get; set; }

    /// <summary>The user who answers for it; null = none, or <see cref="OwnerEmail"/> does. A user who goes leaves it without an owner.</summary>
    public Guid? OwnerId { get; set; }

    /// <summary>Address of whoever answers for it and has no user here, lower case; never together with <see cref="OwnerId"/>.</summary>
    public string? OwnerEmail { get; set; }

    /// <summary>When it was registered.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who registered it.</summary>
    public required string CreatedBy { get; set; }
}
