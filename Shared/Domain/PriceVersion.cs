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

    /// <summary>Who set it, as in the audit.</summary>
    public required string CreatedBy { get; set; }

    /// <summary>When it was set.</summary>
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>
/// Prices in nano-USD (1e-9 USD): of a million tokens for token classes, of one for the rest. So $0.15 per million tokens is 150,000,000.
/// The token classes are disjoint: cached input is not also counted as input. All values are at least 0.
/// </summary>
public sealed record PriceComponents
{
    /// <summary>A million input tokens that were not read from a cache.</summary>
    public long Input { get; init; }

    /// <summary>A million input tokens read from the provider's prompt cache; null = as <see cref="Input"/>.</summary>
    public long? CacheRead { get; init; }

    /// <summary>A million input tokens written to the provider's prompt cache; null = as <see cref="Input"/>.</summary>
    public long? CacheWrite { get; init; }

    /// <summary>A million output tokens, reasoning included.</summary>
    public long Output { get; init; }

    /// <summary>One request, whatever its size.</summary>
    public long Request { get; init; }
}
