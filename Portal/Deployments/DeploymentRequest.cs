using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Deployments;

/// <summary>A new deployment.</summary>
public sealed record CreateDeploymentRequest
{
    /// <summary>Name in headers, metrics and routes: letters, digits and <c>. _ : -</c>; unique in the organisation.</summary>
    public string? Name { get; init; }

    /// <summary>Where it runs.</summary>
    public Guid? ProviderId { get; init; }

    /// <summary>A credential of the provider, where it is the only one.</summary>
    public Guid? CredentialId { get; init; }

    /// <summary>Credentials of the provider that its requests are spread over, at most 20; missing, and no <c>credential_id</c> either = it is called without.</summary>
    public IReadOnlyList<Guid>? CredentialIds { get; init; }

    /// <summary>The provider's own name of the model, 1 to 200 characters.</summary>
    public string? UpstreamModel { get; init; }

    /// <summary>Region in which requests are processed, e.g. <c>eu</c>.</summary>
    public string? Region { get; init; }

    /// <summary>Longest prompt and answer together, in tokens; missing = as the price book says.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>Longest answer, in tokens; missing = as the price book says.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>What its model can do: <c>vision</c>, <c>tools</c>, <c>json_schema</c>, <c>reasoning</c>, <c>audio</c>, <c>prompt_caching</c>; missing = as the price book says.</summary>
    public IReadOnlyList<string>? Abilities { get; init; }

    /// <summary>Whether requests may go to it; missing = yes.</summary>
    public bool? IsEnabled { get; init; }

    /// <summary>Its first price, in nano-USD; missing = the list price that the price book knows, if any.</summary>
    public PriceComponents? Price { get; init; }
}

/// <summary>New values of a deployment; what is missing becomes empty.</summary>
public sealed record UpdateDeploymentRequest
{
    /// <summary>Name in headers, metrics and routes; unique in the organisation.</summary>
    public string? Name { get; init; }

    /// <summary>A credential of its provider, where it is the only one.</summary>
    public Guid? CredentialId { get; init; }

    /// <summary>Credentials of its provider that its requests are spread over, at most 20; missing, and no <c>credential_id</c> either = it is called without.</summary>
    public IReadOnlyList<Guid>? CredentialIds { get; init; }

    /// <summary>The provider's own name of the model, 1 to 200 characters.</summary>
    public string? UpstreamModel { get; init; }

    /// <summary>Region in which requests are processed, e.g. <c>eu</c>.</summary>
    public string? Region { get; init; }

    /// <summary>Longest prompt and answer together, in tokens.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>Longest answer, in tokens.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>What its model can do: <c>vision</c>, <c>tools</c>, <c>json_schema</c>, <c>reasoning</c>, <c>audio</c>, <c>prompt_caching</c>; missing = unknown.</summary>
    public IReadOnlyList<string>? Abilities { get; init; }
}
