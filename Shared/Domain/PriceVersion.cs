namespace AspireGateway.Shared.Domain;

/// <summary>What a deployment cost from a moment on. Never changed, only followed by a newer version, so that old records keep their price.</summary>
public sealed class PriceVersion
{
    /// <summary>UUIDv7; records keep it.</summary>
    public Guid Id { get; set; }

    /// <summary>The organisation it belongs to.</summary>
    public Guid OrganisationId { get; set; }

    /// <summary>The deployment it prices.</summary>
    public Guid DeploymentId { get; set; }

    /// <summary>From when it holds; the version with the latest start that is not in the future counts.</summary>
    public DateTimeOffset ValidFrom { get; set; }

    /// <summary>The prices.</summary>
    public required PriceComponents Components { get; set; }

    /// <summary>Where the numbers come from; one of <see cref="PriceSources"/>.</summary>
    public string Source { get; set; } = PriceSources.Manual;

    /// <summary>Who set it, as in the audit.</summary>
    public required string CreatedBy { get; set; }

    /// <summary>When it was set.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>Where a price comes from.</summary>
public static class PriceSources
{
    /// <summary>A person set it, in the portal or over the API; imports leave it alone unless asked.</summary>
    public const string Manual = "manual";

    /// <summary>It was taken from the price book; the next import may follow it with another.</summary>
    public const string Book = "book";
}
