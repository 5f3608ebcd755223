using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Models;

/// <summary>A logical model as commands and the audit show it.</summary>
public record ModelDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name in requests.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public required string Description { get; init; }

    /// <summary>How its deployments are chosen; of <see cref="RoutingStrategies"/>.</summary>
    public required string Strategy { get; init; }

    /// <summary>How good its deployments must be under the strategy <c>quality</c>; null = 0.8 for every task.</summary>
    public Shared.Domain.Quality.QualityBars? Quality { get; init; }

    /// <summary>Other names for it, in alphabetical order.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>Its deployments, first choice first.</summary>
    public required IReadOnlyList<ModelPlace> Deployments { get; init; }

    /// <summary>Steps and gate under the strategy <c>cascade</c>; null = as usual.</summary>
    public Shared.Domain.Routing.CascadeSettings? Cascade { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Of a row with its aliases and places.</summary>
    public static ModelDetails Of(LogicalModel m) => new()
    {
        Id = m.Id, Name = m.Name, Description = m.Description, Strategy = m.Strategy, Quality = m.Quality, Cascade = m.Cascade, CreatedAt = m.CreatedAt,
        Aliases = [.. m.Aliases.Select(a => a.Name).Order(StringComparer.Ordinal)],
        Deployments = [.. m.Deployments.OrderBy(d => d.Position).Select(d => new ModelPlace { DeploymentId = d.DeploymentId, Weight = d.Weight })],
    };
}

/// <summary>A deployment's place in a model.</summary>
public record ModelPlace
{
    /// <summary>The deployment.</summary>
    public required Guid DeploymentId { get; init; }

    /// <summary>Share among its peers under a weighted strategy.</summary>
    public int Weight { get; init; } = 1;
}

/// <summary>A logical model in the list.</summary>
public sealed record ModelRow
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name in requests.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public required string Description { get; init; }

    /// <summary>How its deployments are chosen.</summary>
    public required string Strategy { get; init; }

    /// <summary>How good its deployments must be under the strategy <c>quality</c>; null = 0.8 for every task.</summary>
    public Shared.Domain.Quality.QualityBars? Quality { get; init; }

    /// <summary>Other names for it.</summary>
    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>Its deployments, first choice first.</summary>
    public required IReadOnlyList<ModelRowDeployment> Deployments { get; init; }

    /// <summary>Steps and gate under the strategy <c>cascade</c>; null = as usual.</summary>
    public Shared.Domain.Routing.CascadeSettings? Cascade { get; init; }

    /// <summary>Whether it is the organisation's default.</summary>
    public required bool IsDefault { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A deployment of a model in the list.</summary>
public sealed record ModelRowDeployment : ModelPlace
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its provider's slug.</summary>
    public required string Provider { get; init; }

    /// <summary>The provider's name of the model.</summary>
    public required string UpstreamModel { get; init; }

    /// <summary>Whether requests may go to it.</summary>
    public required bool IsEnabled { get; init; }

    /// <summary>The price that holds now, in nano-USD; null = none is set.</summary>
    public PriceComponents? Price { get; init; }
}
