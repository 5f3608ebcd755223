using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Portal.Reliability;

/// <summary>A model's settings as pages, scripts and the audit show them.</summary>
public sealed record ModelReliabilityDetails
{
    /// <summary>The model.</summary>
    public required Guid ModelId { get; init; }

    /// <summary>Its name.</summary>
    public required string Model { get; init; }

    /// <summary>Its settings; what is null is as the gateway has it.</summary>
    public required ModelReliability Settings { get; init; }

    /// <summary>Of a row.</summary>
    public static ModelReliabilityDetails Of(LogicalModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return new() { ModelId = model.Id, Model = model.Name, Settings = model.Reliability ?? new() };
    }
}
