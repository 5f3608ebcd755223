using AspireGateway.Portal.Credentials;
using AspireGateway.Portal.Deployments;
using AspireGateway.Portal.Providers;

namespace AspireGateway.Portal.Models;

/// <summary>What the models page shows. Only the list of the chosen view is paged; the others serve the dialogs and hold at most 200.</summary>
public sealed record ModelsPageData
{
    /// <summary>Logical models.</summary>
    public IReadOnlyList<ModelRow> Models { get; init; } = [];

    /// <summary>Deployments.</summary>
    public IReadOnlyList<DeploymentRow> Deployments { get; init; } = [];

    /// <summary>Providers.</summary>
    public IReadOnlyList<ProviderRow> Providers { get; init; } = [];

    /// <summary>Credentials; empty for those who may not change models.</summary>
    public IReadOnlyList<CredentialRow> Credentials { get; init; } = [];

    /// <summary>Where the shown list goes on; null = it ends here.</summary>
    public string? Next { get; init; }

    /// <summary>Whether the visitor may change any of it.</summary>
    public bool MayChange { get; init; }
}

/// <summary>The lists of the models page, as they stand in its address.</summary>
public static class ModelsView
{
    /// <summary>Logical models; the address names no view.</summary>
    public const string Models = "models";

    /// <summary>Deployments.</summary>
    public const string Deployments = "deployments";

    /// <summary>Providers.</summary>
    public const string Providers = "providers";

    /// <summary>Credentials.</summary>
    public const string Credentials = "credentials";
}
