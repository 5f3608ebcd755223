using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Routing.Canaries;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Routing.Strategies;

/// <summary>
/// A/B test: each user, or key where no user is named, has an arm by the weights and keeps it. The arm is in the plan's reason, so in the reply's headers and the journey. The
/// other deployments stand behind by position: a caller whose arm fails is served, by another one.
/// </summary>
internal sealed class AbStrategy : IStrategy
{
    /// <inheritdoc />
    public string Name => RoutingStrategies.Ab;

    /// <summary>The reason of a plan by its first candidate that is kept: <c>ab:</c> and the deployment's name.</summary>
    public static string ReasonOf(ReadOnlySpan<Candidate> candidates)
    {
        foreach (var candidate in candidates)
            if (candidate.Dropped is null) return candidate.Deployment.AbReason;
        return RoutingStrategies.Ab;
    }

    /// <inheritdoc />
    public void Order(ModelSnapshot model, RequestFacts? facts, Span<Candidate> candidates)
    {
        // Over those that serve only: else a disabled arm's users would all go to one other arm, which a test would take for a finding.
        long total = 0;
        for (var i = 0; i < candidates.Length; i++)
            if (candidates[i].Dropped is null) total += model.WeightAt(i);
        if (total <= 0) return;
        var place = StableHash.PlaceOf(model.Name, facts?.UserId ?? facts?.KeyId ?? "") * total;
        var arm = -1;
        for (var i = 0; i < candidates.Length && place >= 0; i++)
        {
            if (candidates[i].Dropped is not null || model.WeightAt(i) == 0) continue;
            arm = i;
            place -= model.WeightAt(i) * (long)StableHash.Places;
        }
        var first = candidates[arm];
        candidates[..arm].CopyTo(candidates[1..]);
        candidates[0] = first;
    }
}
