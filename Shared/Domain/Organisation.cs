namespace AspireGateway.Shared.Domain;

/// <summary>A tenant: everything below it (teams, keys, models, records) is invisible to every other organisation.</summary>
public sealed class Organisation
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>Short name in URLs; lower case letters, digits and hyphens; unique in the installation.</summary>
    public required string Slug { get; set; }

    /// <summary>Name that people read.</summary>
    public required string Name { get; set; }

    /// <summary>IANA time zone in which days, weeks and months of this organisation begin, e.g. <c>Europe/Berlin</c>.</summary>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Logical model for requests that name none and whose key and team set none; null = such requests get a 400.</summary>
    public string? DefaultModel { get; set; }

    /// <summary>What happens to limited requests while the ledger cannot be asked; of <see cref="Limits.StorePolicies"/>.</summary>
    public string StorePolicy { get; set; } = Limits.StorePolicies.Closed;

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}
