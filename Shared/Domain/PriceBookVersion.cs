namespace AspireGateway.Shared.Domain;

/// <summary>A price book as an organisation imported it. Never changed; the newest one counts.</summary>
public sealed class PriceBookVersion
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>Name of the file, for people.</summary>
    public required string FileName { get; set; }

    /// <summary>SHA-256 of the file.</summary>
    public required byte[] Sha256 { get; set; }

    /// <summary>How many models it knows.</summary>
    public int ModelCount { get; set; }

    /// <summary>The file as it was given, gzip.</summary>
    public required byte[] Content { get; set; }

    /// <summary>Who imported it, as in the audit.</summary>
    public required string CreatedBy { get; set; }

    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}
