using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Routing.Pins;

namespace AspireGateway.Gateway.Providers;

/// <summary>
/// Attempts until one stands: the plan's candidates in order, each once, all before the first byte goes to the caller. A deployment whose own quota is used up is
/// passed over.
/// </summary>
internal sealed class CallProvider(ProviderCaller caller, DeploymentQuota quota) : IDecide
{
    private const string OverQuota = "quota";

    /// <inheritdoc />
    public async ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var call = exchange.Call;
        var candidates = exchange.Plan!.Candidates;
        Refusal? last = null;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (candidates[i].Dropped is not null) continue;
            var taken = await quota.TakeAsync(exchange, candidates[i]);
            if (taken.Refusal is { } refusal)
            {
                candidates[i] = candidates[i] with { Dropped = OverQuota };
                // What a provider answered says more than that another one was not asked.
                if (last is null || call.AttemptCount == 0) last = refusal;
                continue;
            }
            call.InFlight = candidates[i];
            call.Begin(candidates[i].Deployment);
            var (reply, failure, attempt) = await caller.TryAsync(exchange, candidates[i]);
            call.InFlight = null;
            call.Add(attempt);
            call.UpstreamUs += attempt.EndUs - attempt.StartUs;
            if (reply is not null)
            {
                call.Standing = reply;
                return Decision.Continue;
            }
            call.End();
            if (taken.Hold is { } hold) quota.Fail(hold);
            last = failure!.Refusal;
            if (!failure.TryNext) break;
        }
        return Pinning.Failed(exchange.Plan!, last!);
    }
}
