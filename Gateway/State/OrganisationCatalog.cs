using System.Text.Json.Serialization;

namespace AspireGateway.Gateway.State;

/// <summary>
/// The rows of one organisation as Postgres holds them, keys left out: what snapshots are built from, and what the last-good file keeps. Once a
/// <see cref="CatalogBuilder"/> has seen it, it holds only rows that can serve.
/// </summary>
internal sealed record OrganisationCatalog(
    OrganisationRow Organisation,
    IReadOnlyList<TeamRow> Teams,
    IReadOnlyList<ProviderRow> Providers,
    IReadOnlyList<CredentialRow> Credentials,
    IReadOnlyList<DeploymentRow> Deployments,
    IReadOnlyList<PriceRow> Prices,
    IReadOnlyList<ModelRow> Models,
    IReadOnlyList<Routing.Rules.RuleRow>? Rules = null,
    IReadOnlyList<Routing.Rules.TaskRow>? Tasks = null,
    Steering.SteeringRows? Steering = null,
    Routing.Quality.QualityRows? Quality = null);

/// <summary>A row that has an id.</summary>
internal interface ICatalogRow
{
    /// <summary>Its id.</summary>
    Guid Id { get; }
}

/// <summary>A row of <c>organisations</c>.</summary>
internal sealed record OrganisationRow(Guid Id, string Slug, string TimeZone, string? DefaultModel, string StorePolicy, long BooksRewritten = 0) : ICatalogRow;

/// <summary>A row of <c>teams</c>.</summary>
internal sealed record TeamRow(
    Guid Id, string Slug, string[] AllowedModels, string? DefaultModel, bool IsArchived, long? ApprovalThresholdNanoUsd = null, string? ApprovalAction = null,
    string? ApprovalModel = null, string[]? AllowedRegions = null, string? GuardrailLevel = null) : ICatalogRow;

/// <summary>A row of <c>providers</c>; times in milliseconds.</summary>
internal sealed record ProviderRow(
    Guid Id, string Slug, string Protocol, string BaseUrl, bool IsPrivate, int ConnectTimeoutMs, int FirstByteTimeoutMs, int IdleTimeoutMs) : ICatalogRow;

/// <summary>A row of <c>credentials</c>; the secret is sealed.</summary>
internal sealed record CredentialRow(Guid Id, Guid ProviderId, byte[] Envelope) : ICatalogRow;

/// <summary>A row of <c>deployments</c>; further credentials come after the first one (null = there are none).</summary>
internal sealed record DeploymentRow(
    Guid Id, string Name, Guid ProviderId, Guid? CredentialId, string UpstreamModel, string? Region, int? ContextTokens, int? MaxOutputTokens,
    bool IsEnabled, DateTimeOffset CreatedAt, string[]? Abilities = null, string? Breaker = null, Guid[]? MoreCredentialIds = null) : ICatalogRow;

/// <summary>A row of <c>price_versions</c>, its components still as JSON.</summary>
internal sealed record PriceRow(Guid Id, Guid DeploymentId, DateTimeOffset ValidFrom, string Components) : ICatalogRow;

/// <summary>A row of <c>models</c> with its aliases, and its deployments by position with their weights (null = all are 1).</summary>
internal sealed record ModelRow(
    Guid Id, string Name, string Strategy, DateTimeOffset CreatedAt, string[] Aliases, Guid[] Deployments, int[]? Weights = null,
    string? Reliability = null, string? Cascade = null) : ICatalogRow;

/// <summary>JSON of the catalogs in the last-good file.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<OrganisationCatalog>))]
internal sealed partial class CatalogJson : JsonSerializerContext;
