namespace AspireGateway.Shared.Domain.Quality;

/// <summary>A version of an organisation's table of quality. Holds the whole table and is never changed; the highest one counts.</summary>
public sealed class QualityVersion
{
    /// <summary>UUIDv7.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>Its number in the organisation, from 1.</summary>
    public int Version { get; set; }

    /// <summary>Where what is new in it comes from; of <see cref="QualitySources"/>.</summary>
    public required string Source { get; set; }

    /// <summary>What it is, for people; may be empty.</summary>
    public string Note { get; set; } = "";

    /// <summary>The version that it puts back; null = it is none of the kind.</summary>
    public int? RestoredFrom { get; set; }

    /// <summary>When it was published.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    /// <summary>Who published it, as in the audit.</summary>
    public required string CreatedBy { get; set; }
}
