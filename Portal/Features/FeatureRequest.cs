namespace AspireGateway.Portal.Features;

/// <summary>A feature to register.</summary>
public sealed record CreateFeatureRequest
{
    /// <summary>As requests name it in <c>x-gateway-feature</c>, 1 to 128 characters; never changes.</summary>
    public string? Name { get; init; }

    /// <summary>What it is for, at most 500 characters.</summary>
    public string? Description { get; init; }

    /// <summary>The user who answers for it; this or <c>owner_email</c>; missing = nobody yet.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>Address of whoever answers for it. One of a user of the organisation becomes that user.</summary>
    public string? OwnerEmail { get; init; }
}

/// <summary>New values of a registered feature; what is missing becomes empty.</summary>
public sealed record UpdateFeatureRequest
{
    /// <summary>What it is for, at most 500 characters.</summary>
    public string? Description { get; init; }

    /// <summary>The user who answers for it; this or <c>owner_email</c>; missing = nobody.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>Address of whoever answers for it. One of a user of the organisation becomes that user.</summary>
    public string? OwnerEmail { get; init; }
}
