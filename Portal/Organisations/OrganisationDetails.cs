using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Organisations;

/// <summary>An organisation as lists and the audit show it.</summary>
public sealed record OrganisationDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Short name in addresses; never changes.</summary>
    public required string Slug { get; init; }

    /// <summary>Name that people read.</summary>
    public required string Name { get; init; }

    /// <summary>IANA time zone in which its days begin.</summary>
    public required string TimeZone { get; init; }

    /// <summary>Model of requests that name none; null = they are refused.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>What happens to limited requests while the ledger cannot be asked; of <see cref="Shared.Domain.Limits.StorePolicies"/>.</summary>
    public required string StorePolicy { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Of a row.</summary>
    public static OrganisationDetails Of(Organisation o) => new()
    {
        Id = o.Id, Slug = o.Slug, Name = o.Name, TimeZone = o.TimeZone, DefaultModel = o.DefaultModel, StorePolicy = o.StorePolicy, CreatedAt = o.CreatedAt,
    };
}
