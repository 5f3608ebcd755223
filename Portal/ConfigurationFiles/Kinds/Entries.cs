using AspireGateway.Portal.Models;
using AspireGateway.Portal.Reliability;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Quality;

namespace AspireGateway.Portal.ConfigurationFiles.Kinds;

/// <summary>A provider in a file.</summary>
internal sealed record ProviderEntry
{
    /// <summary>The first part of <c>provider/model</c>.</summary>
    public string? Slug { get; init; }

    /// <summary>Name that people read.</summary>
    public string? Name { get; init; }

    /// <summary>Wire protocol.</summary>
    public string? Protocol { get; init; }

    /// <summary>Address up to and without the operation.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Whether the address may be plain http or in a private range.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Time to open a connection, in milliseconds.</summary>
    public int? ConnectTimeoutMs { get; init; }

    /// <summary>Time to the first byte of a reply, in milliseconds.</summary>
    public int? FirstByteTimeoutMs { get; init; }

    /// <summary>Longest silence inside a reply, in milliseconds.</summary>
    public int? IdleTimeoutMs { get; init; }

    /// <summary>Names of its credentials. Their secrets are never in a file.</summary>
    public IReadOnlyList<string>? Credentials { get; init; }
}

/// <summary>A deployment in a file.</summary>
internal sealed record DeploymentEntry
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>Its provider's slug.</summary>
    public string? Provider { get; init; }

    /// <summary>The provider's own name of the model.</summary>
    public string? UpstreamModel { get; init; }

    /// <summary>Names of its provider's credentials that requests are spread over.</summary>
    public IReadOnlyList<string>? Credentials { get; init; }

    /// <summary>Region in which requests are processed.</summary>
    public string? Region { get; init; }

    /// <summary>Longest prompt and answer together, in tokens.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>Longest answer, in tokens.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>What its model can do; missing = nobody said.</summary>
    public IReadOnlyList<string>? Abilities { get; init; }

    /// <summary>Whether requests may go to it; missing = yes.</summary>
    public bool? IsEnabled { get; init; }

    /// <summary>The price that holds, in nano-USD; missing = it stays as it is.</summary>
    public PriceComponents? Price { get; init; }

    /// <summary>When it is left alone; missing = as usual.</summary>
    public BreakerRequest? Breaker { get; init; }
}

/// <summary>A logical model in a file.</summary>
internal sealed record ModelEntry
{
    /// <summary>Its name.</summary>
    public string? Name { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>How deployments are chosen.</summary>
    public string? Strategy { get; init; }

    /// <summary>How good its deployments must be under the strategy <c>quality</c>.</summary>
    public QualityBars? Quality { get; init; }

    /// <summary>Other names for it.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary>Its deployments, first choice first.</summary>
    public IReadOnlyList<PlaceEntry>? Deployments { get; init; }

    /// <summary>Steps, by the names of deployments, and gate.</summary>
    public CascadeRequest? Cascade { get; init; }

    /// <summary>How hard it tries, and where requests go when it fails.</summary>
    public ModelReliabilityRequest? Reliability { get; init; }
}

/// <summary>A registered feature in a file.</summary>
internal sealed record FeatureEntry
{
    /// <summary>As requests name it.</summary>
    public string? Name { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Address of whoever answers for it; missing = nobody.</summary>
    public string? Owner { get; init; }
}

/// <summary>A deployment's place in a model.</summary>
internal sealed record PlaceEntry
{
    /// <summary>The deployment's name.</summary>
    public string? Deployment { get; init; }

    /// <summary>Its share; missing = 1.</summary>
    public int? Weight { get; init; }
}
