namespace AspireGateway.Portal.Organisations;

/// <summary>A new organisation.</summary>
public sealed record CreateOrganisationRequest
{
    /// <summary>Short name in addresses: lower case letters, digits, hyphens; unique; never changes. Missing = made from the name.</summary>
    public string? Slug { get; init; }

    /// <summary>Name that people read, 1 to 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>IANA time zone, e.g. <c>Europe/Berlin</c>; missing = UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>What happens to limited requests while the ledger cannot be asked: <c>closed</c> (also when missing: refused) or <c>local</c> (each gateway counts by itself).</summary>
    public string? StorePolicy { get; init; }
}

/// <summary>New values of an organisation; what is missing becomes empty.</summary>
public sealed record UpdateOrganisationRequest
{
    /// <summary>Name that people read, 1 to 100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>IANA time zone; missing = UTC.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Model of requests that name none: a logical model, an alias or <c>provider/model</c>.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>What happens to limited requests while the ledger cannot be asked: <c>closed</c> (also when missing: refused) or <c>local</c> (each gateway counts by itself).</summary>
    public string? StorePolicy { get; init; }
}
