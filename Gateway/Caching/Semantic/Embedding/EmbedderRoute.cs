using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Residency;

namespace AspireGateway.Gateway.Caching.Semantic.Embedding;

/// <summary>Where the vectors of a request's question may be made.</summary>
internal static class EmbedderRoute
{
    /// <summary>The deployments of an embeddings model, those that residency does not allow for this request dropped, in their order; empty when there is no such model.</summary>
    public static Candidate[] CandidatesOf(Exchange exchange, string embedder)
    {
        var caller = exchange.Caller!;
        if (ModelAccess.Find(caller.Organisation, embedder) is not { } model) return [];
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
