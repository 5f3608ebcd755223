namespace AspireGateway.Portal.Repricing;

/// <summary>Which records are priced anew, and by which price.</summary>
public sealed record RepricingRequest
{
    /// <summary>The version of a deployment's price that should have held; it says which deployment.</summary>
    public Guid? PriceVersionId { get; init; }

    /// <summary>Records of requests that arrived at this moment or later.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Records of requests that arrived before this moment; not in the future.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Why, for the audit; 3 to 500 characters. A preview needs none.</summary>
    public string? Reason { get; init; }
}
