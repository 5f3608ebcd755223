using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Providers.Cascades;
using AspireGateway.Gateway.Reliability;
using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.Reliability.Credentials;
using AspireGateway.Gateway.Reliability.Fallbacks;
using AspireGateway.Gateway.Reliability.Hedging;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Cascades;
using AspireGateway.Gateway.Routing.Pins;
using AspireGateway.Gateway.Routing.Strategies;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Providers;

/// <summary>
/// Attempts until one stands, all before the first byte goes to the caller: the plan's candidates in order, each once and without a wait; then, after growing
/// waits, those again that may have recovered; then those kept for the case that all others failed. A deployment whose own quota is used up is passed over. One
/// whose credential was refused or limited is asked again at once with another one of its own.
/// </summary>
internal sealed class CallProvider(
    ProviderCaller caller, HedgedCall hedging, CascadeCall cascades, DeploymentQuota quota, IOptions<ReliabilityOptions> settings, CircuitWatch circuits, FailureWatch failures, TimeProvider time) : IDecide
{
    private const string OverQuota = "quota";

    private readonly ReliabilityOptions options = settings.Value;
    private readonly Chance chance = new();

    /// <summary>1. Who is next, and after which wait? 2. May it be asked, and has it room? 3. Call. 4. It stands, or what became of it is noted.</summary>
    public async ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var call = exchange.Call;
        var candidates = exchange.Plan!.Candidates;
        Deadlines.Set(exchange, options);
        if (exchange.Plan.Ramp is { } ramp) circuits.StandsIn(exchange, ramp);
        var retries = exchange.Plan.Model.Reliability?.Retries ?? options.Retries;
        var walk = new CandidateWalk();
        AttemptTrail? trail = null;
        Refusal? last = null;
        var number = 0;
        while (true)
        {
            // 1
            var other = trail?.TakeOther() ?? -1;
            var isRetry = other >= 0;
            var at = isRetry ? other : walk.Next(candidates, call);
            // Whoever has an answer put aside goes on to better ones only.
            if (CascadeCall.HasEnded(exchange, at)) break;
            if (at < 0 && trail is not null && number < retries && NextRetry(exchange, trail, number, out var wait) is >= 0 and var again)
            {
                await Task.Delay(wait, time, exchange.Http.RequestAborted);
                (at, isRetry) = (again, true);
                number++;
            }
            if (at < 0) at = CandidateWalk.Last(candidates, call, trail);
            if (at < 0) break;
            // 2
            var deployment = candidates[at].Deployment;
            call.HasOthers = walk.HasOthers(candidates);
            if (!circuits.MayCall(deployment, call.HasOthers || call.AttemptCount > 0))
            {
                if (!isRetry) candidates[at] = candidates[at] with { Dropped = Circuit.CircuitOpen };
                trail?.GiveUp(at);
                last ??= LeftAlone(exchange, deployment.Name);
                continue;
            }
            var taken = await quota.TakeAsync(exchange, candidates[at]);
            if (taken.Refusal is { } refusal)
            {
                CircuitWatch.Left(deployment);
                candidates[at] = candidates[at] with { Dropped = OverQuota };
                trail?.GiveUp(at);
                // What a provider answered says more than that another one was not asked.
                if (last is null || call.AttemptCount == 0) last = refusal;
                continue;
            }
            // 3
            call.InFlight = candidates[at];
            call.Begin(deployment);
            if (!isRetry) deployment.Traffic.Retries.Earn(options.RetryShare, options.RetryReserve);
            var second = HedgePolicy.TargetOf(exchange, walk);
            var (reply, failure, attempt) = await (CascadePolicy.Of(exchange) is not null ? cascades.RunAsync(exchange, at, walk.PeekOwn(candidates), taken.Hold)
                : second < 0 ? caller.TryAsync(exchange, candidates[at]) : hedging.RunAsync(exchange, at, second, taken.Hold));
            call.InFlight = null;
            var isRejected = failure is { TryNext: false };
            if (call.Legs?.Hedge is { } hedge)
            {
                // Two ran: what follows is about the one whose result it is.
                call.Legs.Hedge = null;
                walk.Next(candidates, call);
                if (reply is not null && hedge.At != at) exchange.Plan = exchange.Plan with { Reason = HedgedCall.Reason };
                (at, deployment, taken) = (hedge.At, candidates[hedge.At].Deployment, new QuotaAnswer(hedge.Hold, null));
                if (hedge.Earlier is { } earlier) (trail ??= new AttemptTrail(candidates.Length)).Note(earlier.At, earlier.Attempt, earlier.Failure);
                isRejected |= hedge.Earlier is { Failure.TryNext: false };
            }
            if (reply is null && failure is null)
            {
                // An answer that was put aside, and is in the books.
                call.End();
                continue;
            }
            // 4
            if (reply is not null)
            {
                if (candidates[at].Leg is { } leg) exchange.Plan = exchange.Plan with { Reason = FallbackPolicy.Reason(leg, call.Attempts, isLast: true) ?? exchange.Plan.Reason };
                call.Add(attempt);
                call.UpstreamUs += attempt.EndUs - attempt.StartUs;
                call.Standing = reply;
                call.Quota = taken.Hold;
                circuits.Stood(exchange, deployment, attempt);
                return Decision.Continue;
            }
            call.Add(attempt);
            call.UpstreamUs += attempt.EndUs - attempt.StartUs;
            call.End();
            if (taken.Hold is { } hold) quota.Fail(hold);
            var verdict = failures.Note(exchange, attempt, failure!);
            PriceUsage.Lose(call, candidates[at], failure!);
            last = failure!.Refusal;
            trail ??= new AttemptTrail(candidates.Length);
            trail.Note(at, attempt, failure);
            if (exchange.ElapsedUs >= call.StandByUs) break;
            if (call.Lost is { CostNanoUsd: > 0 } && exchange.Reservation?.BoundsSpend(exchange.Caller!.Key.HoldPolicy) == true) break;
            if (verdict == CredentialVerdict.Another && trail.AttemptsAt(at) < deployment.Credentials.Length && deployment.Traffic.Retries.TrySpend(options.RetryReserve)) trail.AskOther(at);
            if (!isRejected) continue;
            // The model's other deployments would say the same, and so would this one unless it was busy with the same thing (409).
            walk.EndOwn();
            if (!RetryPolicy.IsRepeatable(attempt, failure)) trail.GiveUpAll();
        }
        if (CascadeCall.TryKeep(exchange)) return Decision.Continue;
        return Pinning.Failed(exchange.Plan, last ?? LeftAlone(exchange, exchange.Plan.First.Deployment.Name));
    }

    /// <summary>Who may be asked again, and after which wait; -1 = nobody, or not in time.</summary>
    private int NextRetry(Exchange exchange, AttemptTrail trail, int number, out TimeSpan wait)
    {
        while (true)
        {
            var at = trail.Next(exchange.ElapsedUs, out var asked);
            wait = at < 0 ? default : RetryPolicy.Wait(number, asked, options, chance);
            // Whoever would wait until the deadline is told at once.
            if (at < 0 || exchange.ElapsedUs + wait.TotalMicroseconds >= exchange.Call.StandByUs) return -1;
            if (exchange.Plan!.Candidates[at].Deployment.Traffic.Retries.TrySpend(options.RetryReserve)) return at;
            trail.GiveUp(at);
        }
    }

    private static Refusal LeftAlone(Exchange exchange, string deployment) => Refusal.NoHealthyDeployment(
        $"Deployment '{deployment}' is left alone after failures, or was taken out, and no other one could serve model '{exchange.Plan!.Model.Name}'. Try again shortly; the portal says more under Reliability.");
}
