using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Prices;

/// <summary>A version of a deployment's price.</summary>
public sealed record PriceDetails
{
    /// <summary>UUIDv7; usage records keep it.</summary>
    public required Guid Id { get; init; }

    /// <summary>The deployment it prices.</summary>
    public required Guid DeploymentId { get; init; }

    /// <summary>From when it holds.</summary>
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>The prices, in nano-USD.</summary>
    public required PriceComponents Components { get; init; }

    /// <summary>Where the numbers come from: <c>manual</c> or <c>book</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Who set it.</summary>
    public required string CreatedBy { get; init; }

    /// <summary>When it was set.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Of a row.</summary>
    public static PriceDetails Of(PriceVersion p) => new()
    {
        Id = p.Id, DeploymentId = p.DeploymentId, ValidFrom = p.ValidFrom, Components = p.Components, Source = p.Source, CreatedBy = p.CreatedBy, CreatedAt = p.CreatedAt,
    };
}
