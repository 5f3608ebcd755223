using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing.Residency;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Routing.Cascades;

/// <summary>Where a judge may run.</summary>
internal static class JudgeRoute
{
    /// <summary>The deployments of a judge's model, those that residency does not allow for this request dropped, in their order; empty when there is no such model.</summary>
    public static Candidate[] CandidatesOf(Exchange exchange, CascadeJudge judge)
    {
        var caller = exchange.Caller!;
        if (ModelAccess.Find(caller.Organisation, judge.Model) is not { } model) return [];
        var candidates = new Candidate[model.Deployments.Length];
        for (var i = 0; i < candidates.Length; i++)
        {
            var deployment = model.Deployments[i];
            candidates[i] = new(deployment, deployment.PriceAt(exchange.ArrivedAt), deployment.IsEnabled ? null : "disabled");
        }
        RegionFilter.Narrow(caller, exchange.Request, candidates);
        return candidates;
    }
}
