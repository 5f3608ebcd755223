using AspireGateway.Portal.Features;
using AspireGateway.Portal.Scopes;

namespace AspireGateway.Portal.Costs;

/// <summary>Costs of one feature.</summary>
/// <param name="ByModel">By model.</param>
/// <param name="ByTeam">By the team that pays.</param>
/// <param name="Feature">Who answers for it, and what bounds it.</param>
/// <param name="Choices">What the visitor may set limits and budgets on.</param>
/// <param name="MayName">Whether the visitor may name its owner.</param>
public sealed record FeatureData(CostsData ByModel, CostsData ByTeam, FeatureRow Feature, ScopeChoices Choices, bool MayName)
{
    /// <summary>Whether there is nothing to say of it at all.</summary>
    public bool IsUnknown => Feature.Id is null && Feature.LastSeenOn is null && ByModel.Total.Requests == 0 && ByModel.Before.Requests == 0;
}
