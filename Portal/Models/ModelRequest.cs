namespace AspireGateway.Portal.Models;

/// <summary>A logical model's values; what is missing is empty.</summary>
public sealed record ModelRequest
{
    /// <summary>The name in requests: letters, digits and <c>. _ : -</c>; unique among models and aliases.</summary>
    public string? Name { get; init; }

    /// <summary>What it is for, at most 500 characters.</summary>
    public string? Description { get; init; }

    /// <summary>How deployments are chosen; missing = <c>priority</c>: in their order, later ones as fallbacks.</summary>
    public string? Strategy { get; init; }

    /// <summary>How good its deployments must be under the strategy <c>quality</c>; missing = 0.8 for every task.</summary>
    public Shared.Domain.Quality.QualityBars? Quality { get; init; }

    /// <summary>Other names for it; unique among models and aliases.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>Its deployments, first choice first.</summary>
    public IReadOnlyList<ModelPlaceRequest>? Deployments { get; init; }

    /// <summary>Steps and gate under the strategy <c>cascade</c>; missing = as usual.</summary>
    public CascadeRequest? Cascade { get; init; }
}

/// <summary>A deployment's place in a model.</summary>
public sealed record ModelPlaceRequest
{
    /// <summary>The deployment.</summary>
    public Guid? DeploymentId { get; init; }

    /// <summary>Share among its peers under a weighted strategy, 0 to 1,000,000; missing = 1.</summary>
    public int? Weight { get; init; }
}
