using AspireGateway.Portal.Prices;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Deployments;

/// <summary>A deployment as commands and the audit show it.</summary>
public record DeploymentDetails
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name in headers, metrics and routes; unique in the organisation.</summary>
    public required string Name { get; init; }

    /// <summary>Where it runs.</summary>
    public required Guid ProviderId { get; init; }

    /// <summary>The first of its credentials; null = it is called without one.</summary>
    public Guid? CredentialId { get; init; }

    /// <summary>All credentials that its requests are spread over, in their order.</summary>
    public IReadOnlyList<Guid> CredentialIds { get; init; } = [];

    /// <summary>The provider's own name of the model.</summary>
    public required string UpstreamModel { get; init; }

    /// <summary>Region in which requests are processed; null = unknown.</summary>
    public string? Region { get; init; }

    /// <summary>Longest prompt and answer together, in tokens; null = unknown.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>Longest answer, in tokens; null = unknown.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>What its model can do: <c>vision</c>, <c>tools</c>, <c>json_schema</c>, <c>reasoning</c>, <c>audio</c>, <c>prompt_caching</c>; null = nobody said.</summary>
    public IReadOnlyList<string>? Abilities { get; init; }

    /// <summary>Whether requests may go to it.</summary>
    public required bool IsEnabled { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Of a row.</summary>
    public static DeploymentDetails Of(Deployment d) => new()
    {
        Id = d.Id, Name = d.Name, ProviderId = d.ProviderId, CredentialId = d.CredentialId, CredentialIds = d.CredentialIds(), UpstreamModel = d.UpstreamModel, Region = d.Region,
        ContextTokens = d.ContextTokens, MaxOutputTokens = d.MaxOutputTokens, Abilities = d.Abilities, IsEnabled = d.IsEnabled, CreatedAt = d.CreatedAt,
    };
}

/// <summary>A deployment in the list.</summary>
public sealed record DeploymentRow : DeploymentDetails
{
    /// <summary>Its provider's slug.</summary>
    public required string ProviderSlug { get; init; }

    /// <summary>Its provider's name.</summary>
    public required string ProviderName { get; init; }

    /// <summary>Its first credential's name; null = none.</summary>
    public string? CredentialName { get; init; }

    /// <summary>The names of all its credentials, in their order.</summary>
    public IReadOnlyList<string> CredentialNames { get; init; } = [];

    /// <summary>The price that holds now; null = none is set: requests would cost nothing.</summary>
    public PriceDetails? Price { get; init; }

    /// <summary>Logical models that may send requests to it.</summary>
    public required IReadOnlyList<string> Models { get; init; }
}
