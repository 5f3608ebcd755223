using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Calling;

namespace AspireGateway.Gateway.Providers;

/// <summary>Attempts until one stands: the plan's candidates in order, each once, all before the first byte goes to the caller.</summary>
internal sealed class CallProvider(ProviderCaller caller) : IDecide
{
    /// <inheritdoc />
    public async ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var call = exchange.Call;
        ProviderFailure? last = null;
        foreach (var candidate in exchange.Plan!.Candidates)
        {
            if (candidate.Dropped is not null) continue;
            call.InFlight = candidate;
            var (reply, failure, attempt) = await caller.TryAsync(exchange, candidate);
            call.InFlight = null;
            call.Add(attempt);
            call.UpstreamUs += attempt.EndUs - attempt.StartUs;
            if (reply is not null)
            {
                call.Standing = reply;
                return Decision.Continue;
            }
            last = failure;
            if (!failure!.TryNext) break;
        }
        return last!.Refusal;
    }
}
