using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Residency;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Gateway.Caching.Semantic.Embedding;

/// <summary>Where the vectors of a request's question may be made.</summary>
internal static class EmbedderRoute
{
    /// <summary>The deployments of an embeddings model, those that are stopped or that residency does not allow for this request dropped, in their order; empty when there is no such model.</summary>
    public static Candidate[] CandidatesOf(Exchange exchange, string embedder)
    {
        var caller = exchange.Caller!;
        if (ModelAccess.Find(caller.Organisation, embedder) is not { } model) return [];
        var candidates = new Candidate[model.Deployments.Length];
        for (var i = 0; i < candidates.Length; i++)
        {
            var deployment = model.Deployments[i];
            candidates[i] = new(deployment, deployment.PriceAt(exchange.ArrivedAt), !deployment.IsEnabled ? "disabled" : IsStopped(exchange, model.Name, deployment) ? "stopped" : null);
        }
        RegionFilter.Narrow(caller, exchange.Request, candidates);
        return candidates;
    }

    // The caller's own stops have ended the request before it came here.
    private static bool IsStopped(Exchange exchange, string model, DeploymentSnapshot deployment)
    {
        var (spending, organisation, now) = (exchange.Snapshot!.Spending, exchange.Caller!.Organisation.Id, exchange.ArrivedAt);
        return spending.HasStops
            && (spending.StopOf(Guid.Empty, ScopeKinds.Model, model, now) ?? spending.StopOf(organisation, ScopeKinds.Model, model, now) ?? spending.StopOf(organisation, ScopeKinds.Deployment, deployment.IdText, now)) is not null;
    }
}
