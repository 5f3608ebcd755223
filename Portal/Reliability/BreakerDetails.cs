using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Portal.Reliability;

/// <summary>A deployment's breaker as scripts and the audit show it.</summary>
public sealed record BreakerDetails
{
    /// <summary>The deployment.</summary>
    public required Guid DeploymentId { get; init; }

    /// <summary>Its name.</summary>
    public required string Deployment { get; init; }

    /// <summary>When it opens, and what was done by hand; what is null is the default.</summary>
    public required BreakerSettings Settings { get; init; }

    /// <summary>Of a row.</summary>
    public static BreakerDetails Of(Deployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        return new() { DeploymentId = deployment.Id, Deployment = deployment.Name, Settings = deployment.Breaker ?? new() };
    }
}
