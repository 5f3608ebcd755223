using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Reliability;
using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Strategies;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Providers;

/// <summary>
/// Attempts until one stands, all before the first byte goes to the caller: the plan's candidates in order, each once and without a wait; then, after growing
/// waits, those again that may have recovered. A deployment whose own quota is used up is passed over.
/// </summary>
internal sealed class CallProvider(ProviderCaller caller, DeploymentQuota quota, IOptions<ReliabilityOptions> settings, CircuitWatch circuits, TimeProvider time) : IDecide
{
    private const string OverQuota = "quota";

    private readonly ReliabilityOptions options = settings.Value;
    private readonly Chance chance = new();

    /// <summary>1. Who is next, and after which wait? 2. Has it room? 3. Call. 4. It stands, or what became of it is noted.</summary>
    public async ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var call = exchange.Call;
        var candidates = exchange.Plan!.Candidates;
        Deadlines.Set(exchange, options);
        var mostRetries = exchange.Plan.Model.Reliability?.Retries ?? options.Retries;
        AttemptTrail? trail = null;
        Refusal? last = null;
        var (next, retries) = (0, 0);
        while (true)
        {
            // 1
            var at = RemainingFrom(candidates, next);
            next = at + 1;
            var isRetry = at == candidates.Length;
            if (isRetry)
            {
                next = at;
                if (trail is null || retries == mostRetries) break;
                at = trail.Next(exchange.ElapsedUs, out var asked);
                if (at < 0) break;
                var wait = RetryPolicy.Wait(retries, asked, options, chance);
                // Whoever would wait until the deadline is told at once.
                if (exchange.ElapsedUs + wait.TotalMicroseconds >= call.StandByUs) break;
                if (!candidates[at].Deployment.Traffic.Retries.TrySpend(options.RetryReserve))
                {
                    trail.GiveUp(at);
                    continue;
                }
                await Task.Delay(wait, time, exchange.Http.RequestAborted);
                retries++;
            }
            // 2
            call.HasOthers = RemainingFrom(candidates, next) < candidates.Length;
            if (!circuits.MayCall(candidates[at].Deployment, call.HasOthers || call.AttemptCount > 0))
            {
                if (!isRetry) candidates[at] = candidates[at] with { Dropped = Circuit.CircuitOpen };
                trail?.GiveUp(at);
                last ??= Refusal.NoHealthyDeployment($"Deployment '{candidates[at].Deployment.Name}' is left alone after failures, and no other one could serve model '{exchange.Plan.Model.Name}'. Try again shortly.");
                continue;
            }
            var taken = await quota.TakeAsync(exchange, candidates[at]);
            if (taken.Refusal is { } refusal)
            {
                candidates[at] = candidates[at] with { Dropped = OverQuota };
                trail?.GiveUp(at);
                // What a provider answered says more than that another one was not asked.
                if (last is null || call.AttemptCount == 0) last = refusal;
                continue;
            }
            // 3
            call.InFlight = candidates[at];
            call.Begin(candidates[at].Deployment);
            if (!isRetry) candidates[at].Deployment.Traffic.Retries.Earn(options.RetryShare, options.RetryReserve);
            var (reply, failure, attempt) = await caller.TryAsync(exchange, candidates[at]);
            call.InFlight = null;
            call.Add(attempt);
            call.UpstreamUs += attempt.EndUs - attempt.StartUs;
            // 4
            if (reply is not null)
            {
                call.Standing = reply;
                circuits.Stood(exchange, candidates[at].Deployment, attempt);
                return Decision.Continue;
            }
            call.End();
            if (taken.Hold is { } hold) quota.Fail(hold);
            circuits.Failed(exchange, candidates[at].Deployment, failure!);
            PriceUsage.Lose(call, candidates[at], failure!);
            last = failure!.Refusal;
            trail ??= new AttemptTrail(candidates.Length);
            trail.Note(at, attempt, failure);
            if (exchange.ElapsedUs >= call.StandByUs) break;
            // Another one would say the same.
            if (!failure.TryNext) next = candidates.Length;
        }
        return last!;
    }

    private static int RemainingFrom(Candidate[] candidates, int place)
    {
        while (place < candidates.Length && candidates[place].Dropped is not null) place++;
        return place;
    }
}
