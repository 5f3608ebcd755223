using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Accounting.Estimating;

/// <summary>What the question to put a reply right can cost at most, without its answer.</summary>
internal static class RepairBound
{
    // The question and its instructions.
    private const int Messages = 2;

    /// <summary>The bound over all deployments that the request may go to, in nano-USD.</summary>
    /// <param name="exchange">The request with its plan.</param>
    /// <param name="bytes">Most bytes of the question.</param>
    public static long InputOf(Exchange exchange, int bytes)
    {
        var worst = 0L;
        // Only its length is asked for. Never disposed: nothing is rented.
        var facts = new RequestFacts(new byte[bytes], bytes) { Operation = exchange.Operation, Messages = Messages };
        foreach (ref readonly var candidate in exchange.Plan!.Candidates.AsSpan())
            if (candidate.Dropped is null) worst = Math.Max(worst, SpendBound.Of(facts, candidate.Deployment, candidate.Price, keyCap: null).InputNanoUsd);
        return worst;
    }
}
