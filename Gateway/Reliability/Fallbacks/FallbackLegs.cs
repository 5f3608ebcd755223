using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Residency;
using AspireGateway.Gateway.Routing.Strategies;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Gateway.Reliability.Fallbacks;

/// <summary>
/// The places where a model's requests go when its own deployments fail. They stand in the plan from the beginning, behind the model's own, so that what is held
/// for a request also covers the dearest of them.
/// </summary>
internal static class FallbackLegs
{
    /// <summary>Adds the legs' deployments to a plan. A leg that the caller may not use, or that leads nowhere, is left out; so is a deployment of the model's own.</summary>
    public static Candidate[] Append(Caller caller, ModelSnapshot model, Candidate[] own, RequestFacts? facts, DateTimeOffset now)
    {
        if (model.Reliability is not { Fallbacks: { Count: > 0 } legs }) return own;
        var all = new List<Candidate>(own);
        foreach (var leg in legs)
        {
            if (!FallbackPolicy.IsAboutFailures(leg) || ModelAccess.Find(caller.Organisation, leg.To) is not { } target || !ModelAccess.Allows(caller, target.Name)) continue;
            var candidates = new Candidate[target.Deployments.Length];
            for (var i = 0; i < candidates.Length; i++)
            {
                var deployment = target.Deployments[i];
                candidates[i] = new Candidate(deployment, deployment.PriceAt(now), deployment.IsEnabled ? null : "disabled") { Leg = leg };
            }
            RegionFilter.Narrow(caller, facts, candidates);
            StrategyList.Order(target, facts, candidates);
            CircuitFilter.Apply(candidates, facts, model.Reliability.LatencyBudgetMs, now);
            foreach (var candidate in candidates)
                if (!Array.Exists(own, known => ReferenceEquals(known.Deployment, candidate.Deployment))) all.Add(candidate);
        }
        return [.. all];
    }

    /// <summary>Plans a request that a budget has no room for anew at the model's leg for that; false = there is none. The budget holds there as well.</summary>
    public static bool TryCheaper(Exchange exchange, bool isBudget)
    {
        if (!isBudget || exchange.Plan!.Model.Reliability is not { Fallbacks: { Count: > 0 } legs }) return false;
        var from = exchange.Plan.Model.Name;
        foreach (var leg in legs)
        {
            if (!leg.Budget || !Downgrade.TryTo(exchange, leg.To, "fallback_budget")) continue;
            exchange.Reservation!.DowngradedFrom ??= from;
            return true;
        }
        return false;
    }
}
