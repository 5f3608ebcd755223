using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Reliability.Circuits;

/// <summary>What a plan says of a deployment that stands in for one that is left alone.</summary>
/// <param name="For">Who is left alone.</param>
/// <param name="StandIn">Who is next.</param>
/// <param name="Share">The share of these requests that it gets now, 0 to 1.</param>
/// <param name="IsElsewhere">Whether this request goes to another one first.</param>
/// <param name="UntilMs">When it gets all of them, in milliseconds since 1970.</param>
internal sealed record StandInRamp(DeploymentSnapshot For, DeploymentSnapshot StandIn, double Share, bool IsElsewhere, long UntilMs);
