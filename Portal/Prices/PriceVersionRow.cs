using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Prices;

/// <summary>A version in the history of a deployment's price.</summary>
public sealed record PriceVersionRow
{
    /// <summary>The version.</summary>
    public required PriceDetails Price { get; init; }

    /// <summary>From when the next one holds in its place; null = none was set since.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>The prices before it; null = it is the first.</summary>
    public PriceComponents? Before { get; init; }
}
