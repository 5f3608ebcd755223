using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Caching.Semantic.Embedding;

/// <summary>What the vector of a question can cost at most.</summary>
internal static class EmbedderBound
{
    // Masks may be longer than what they hide, and a text longer as JSON than it came.
    private const int Times = 2, Around = 512;

    // Only its length is asked for.
    private static readonly byte[] Blank = new byte[SemanticText.MostBytes * Times + Around];

    /// <summary>Most bytes of the question's body.</summary>
    public static int BytesOf(RequestFacts facts) => Math.Min(Blank.Length, (int)Math.Min(int.MaxValue, facts.Body.Length * (long)Times + Around));

    /// <summary>The bound over all deployments that may make it, in nano-USD; 0 = none may.</summary>
    public static long WorstOf(Exchange exchange, string embedder)
    {
        // Never disposed: the buffer is everybody's.
        var facts = new RequestFacts(Blank, BytesOf(exchange.Request!)) { Operation = Operation.Embeddings, Messages = 1 };
        var worst = 0L;
        foreach (var candidate in EmbedderRoute.CandidatesOf(exchange, embedder))
            if (candidate.Dropped is null) worst = Math.Max(worst, SpendBound.Of(facts, candidate.Deployment, candidate.Price, keyCap: null).WorstNanoUsd);
        return worst;
    }
}
