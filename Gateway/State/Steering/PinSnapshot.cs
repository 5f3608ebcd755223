using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.State.Steering;

/// <summary>What a pin is found by.</summary>
/// <param name="Model">The logical model.</param>
/// <param name="Kind">Of <see cref="PinScopes"/>.</param>
/// <param name="Id">Which one; null = everybody's requests for the model.</param>
internal readonly record struct PinKey(string Model, string Kind, string? Id);

/// <summary>A pin with its deployment resolved.</summary>
internal sealed class PinSnapshot
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose requests; of <see cref="PinScopes"/>.</summary>
    public required string ScopeKind { get; init; }

    /// <summary>Which one; null = everybody's requests for the model.</summary>
    public string? ScopeId { get; init; }

    /// <summary>The logical model.</summary>
    public required string Model { get; init; }

    /// <summary>The provider's name of the version.</summary>
    public required string Version { get; init; }

    /// <summary>What replies call it.</summary>
    public required string ServedAs { get; init; }

    /// <summary>Whether requests may go to another version while this one is not available.</summary>
    public required bool MayLeave { get; init; }

    /// <summary>Where it goes, asked for the version; null = the deployment was left out of this snapshot.</summary>
    public DeploymentSnapshot? Deployment { get; init; }

    /// <summary>What that deployment asks for by itself.</summary>
    public string? OwnModel { get; init; }

    /// <summary>The model's deployments with this one in its place, or at their end.</summary>
    public required DeploymentSnapshot[] Deployments { get; init; }

    /// <summary>Of a row.</summary>
    public static PinSnapshot Of(PinRow row, ModelSnapshot model, DeploymentSnapshot? deployment)
    {
        var pinned = deployment?.WithVersion(row.Version);
        var place = pinned is null ? -1 : Array.FindIndex(model.Deployments, other => other.Id == pinned.Id);
        var all = pinned is null ? model.Deployments : place < 0 ? [.. model.Deployments, pinned] : (DeploymentSnapshot[])[.. model.Deployments];
        if (place >= 0) all[place] = pinned!;
        return new()
        {
            Id = row.Id, ScopeKind = row.ScopeKind, ScopeId = row.ScopeId, Model = model.Name, Version = row.Version, ServedAs = row.ServedAs ?? row.Version, MayLeave = row.OnUnavailable == PinPolicies.Allow,
            Deployment = pinned, OwnModel = deployment?.UpstreamModel, Deployments = all,
        };
    }
}
