namespace AspireGateway.Portal.Costs;

/// <summary>Costs of one feature.</summary>
/// <param name="ByModel">By model.</param>
/// <param name="ByTeam">By the team that pays.</param>
public sealed record FeatureData(CostsData ByModel, CostsData ByTeam);
