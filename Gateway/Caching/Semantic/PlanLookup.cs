using AspireGateway.Gateway.Caching.Semantic.Embedding;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Caching.Semantic;

/// <summary>What may looking for a kept reply cost? Before anything is held, because a model may have to make a vector.</summary>
internal sealed class PlanLookup : IDecide
{
    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        // Who has no policy that asks a model pays one look at a flag.
        if (exchange.Caller!.Organisation.Caching.IsEmpty || exchange.Operation.Kind != OperationKind.Chat || exchange.Plan is null) return Decision.Continue;
        if (AnswerFromCache.TermsOf(exchange) is { Semantic.Embedder: { } embedder } && (exchange.Request!.CacheAsks & (CacheAsks.Exact | CacheAsks.NoCache)) == CacheAsks.None)
            exchange.Call.LookupBoundNanoUsd = EmbedderBound.WorstOf(exchange, embedder);
        return Decision.Continue;
    }
}
