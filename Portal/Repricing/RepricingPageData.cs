using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Deployments;
using AspireGateway.Portal.Prices;

namespace AspireGateway.Portal.Repricing;

/// <summary>What the page of a deployment's re-pricings shows.</summary>
/// <param name="Deployment">The deployment.</param>
/// <param name="Versions">Prices to choose from, the latest beginning first.</param>
/// <param name="Jobs">Its re-pricings, newest first.</param>
public sealed record RepricingPageData(DeploymentRow Deployment, IReadOnlyList<PriceVersionRow> Versions, Page<RepricingJob> Jobs);

/// <summary>A price to choose.</summary>
/// <param name="Id">The version.</param>
/// <param name="Text">What it says, and from when it holds.</param>
internal sealed record RepricingChoice(Guid Id, string Text);
