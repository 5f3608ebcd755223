using AspireGateway.Gateway.Ingress;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Routing.Strategies;

/// <summary>
/// Puts the deployment first that holds a prompt's beginning warm, where the strategy itself would have let the turn, chance or the position decide between it and the one that is first. Nothing else is
/// overridden: not a pin, a canary's or a test's arm, a ramp, a position that a person gave, a price, a load, a bar of quality or what a circuit, a region or a budget of latency keeps out.
/// </summary>
internal static class WarmOrder
{
    /// <summary>Prefers it; false = another one is first.</summary>
    /// <param name="plan">The plan; its candidates are put into another order.</param>
    /// <param name="facts">The request.</param>
    /// <param name="deployment">Who holds the beginning.</param>
    public static bool Prefer(RoutePlan plan, RequestFacts facts, Guid deployment)
    {
        var candidates = plan.Candidates;
        var (first, at) = (-1, -1);
        for (var i = 0; i < candidates.Length; i++)
        {
            if (candidates[i] is not { Dropped: null, Leg: null }) continue;
            if (first < 0) first = i;
            if (candidates[i].Deployment.Id == deployment) at = i;
        }
        if (at < 0 || at == first) return at >= 0;
        if (plan is not { Pin: null, Arm: null, Ramp: null } || !AreEqual(plan, candidates[first], candidates[at])) return false;
        if (plan.Model.Reliability?.LatencyBudgetMs is { } budget && candidates[at].Deployment.Traffic.Circuit.P95(facts.Stream) > budget) return false;
        var warm = candidates[at];
        for (var i = at; i > first; i--) candidates[i] = candidates[i - 1];
        candidates[first] = warm;
        return true;
    }

    private static bool AreEqual(RoutePlan plan, in Candidate one, in Candidate other) => plan.Strategy switch
    {
        RoutingStrategies.RoundRobin => true,
        RoutingStrategies.LeastBusy => one.Deployment.Traffic.InFlight == other.Deployment.Traffic.InFlight,
        // Among equal weights it is all the same who is drawn; shares of unequal ones are a promise.
        RoutingStrategies.Weighted => WeightOf(plan, one) is > 0 and var weight && weight == WeightOf(plan, other),
        RoutingStrategies.Cheapest => one.Price is { Components: var price } && other.Price is { Components: var same } && (price.Input, price.Output) == (same.Input, same.Output),
        _ => false,
    };

    private static int WeightOf(RoutePlan plan, in Candidate candidate)
    {
        for (var i = 0; i < plan.Model.Deployments.Length; i++)
            if (plan.Model.Deployments[i].Id == candidate.Deployment.Id) return plan.Model.WeightAt(i);
        return 0;
    }
}
