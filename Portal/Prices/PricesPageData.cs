using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Deployments;
using AspireGateway.Portal.Providers;

namespace AspireGateway.Portal.Prices;

/// <summary>What the price book's page shows.</summary>
/// <param name="Deployments">Deployments with the price that holds.</param>
/// <param name="Providers">Providers to filter by.</param>
/// <param name="Books">Files that were imported last.</param>
/// <param name="MayChange">Whether the visitor may set and import prices.</param>
public sealed record PricesPageData(Page<DeploymentRow> Deployments, IReadOnlyList<ProviderRow> Providers, IReadOnlyList<PriceBookDetails> Books, bool MayChange);

/// <summary>What the page of a deployment's price shows.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Versions">The versions of its price.</param>
/// <param name="MayChange">Whether the visitor may set another one.</param>
public sealed record DeploymentPricesData(DeploymentRow Deployment, Page<PriceVersionRow> Versions, bool MayChange);
