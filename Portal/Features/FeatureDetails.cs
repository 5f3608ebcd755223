using AspireGateway.Portal.Usage;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Features;

/// <summary>A registered feature, as commands and the audit show it.</summary>
public sealed record FeatureDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>As requests name it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for; null = nothing is said.</summary>
    public string? Description { get; init; }

    /// <summary>The user who answers for it.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>Address of an owner who is no user here.</summary>
    public string? OwnerEmail { get; init; }

    /// <summary>When it was registered.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who registered it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>Of a row.</summary>
    public static FeatureDetails Of(RegisteredFeature f) => new()
    {
        Id = f.Id, Name = f.Name, Description = f.Description, OwnerId = f.OwnerId, OwnerEmail = f.OwnerEmail, CreatedAt = f.CreatedAt, CreatedBy = f.CreatedBy,
    };
}

/// <summary>A feature in the list: registered, or only seen in requests, or both.</summary>
public sealed record FeatureRow : NamedUsage
{
    /// <summary>Wraps a name's use.</summary>
    [System.Diagnostics.CodeAnalysis.SetsRequiredMembers]
    internal FeatureRow(NamedUsage use) : base(use)
    {
    }

    /// <summary>Its registration; null = nobody registered it.</summary>
    public Guid? Id { get; init; }

    /// <summary>What it is for; null = nothing is said.</summary>
    public string? Description { get; init; }

    /// <summary>The user who answers for it.</summary>
    public Guid? OwnerId { get; init; }

    /// <summary>That user's name.</summary>
    public string? OwnerName { get; init; }

    /// <summary>The owner's address; null = nobody answers for it.</summary>
    public string? OwnerEmail { get; init; }

    /// <summary>Whether the owner may sign in no more.</summary>
    public bool OwnerLeft { get; init; }

    /// <summary>Nano-USD that a request cost on average this month; null = there was none.</summary>
    public long? CostPerRequestNanoUsd => Requests == 0 ? null : CostNanoUsd / Requests;
}
