using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Reliability;
using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.Reliability.Hedging;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Cascades;

namespace AspireGateway.Gateway.Providers.Formats;

/// <summary>Asks for another reply in the place of one that does not stand. Both are in the books, as legs of a cascade are (decisions 0114 and 0116).</summary>
internal sealed class RetakeCall(ProviderCaller caller, DeploymentQuota quota, CircuitWatch circuits, FailureWatch failures, TimeProvider time)
{
    /// <summary>The candidate behind one that was not tried; null = there is none. Under a pin only its version, and a test's arm is not left.</summary>
    public static Candidate? After(Exchange exchange, Candidate candidate)
    {
        var plan = exchange.Plan!;
        if (plan.Arm is not null) return null;
        foreach (var other in plan.Candidates)
        {
            if (other.Dropped is not null || other.Leg is { HasCondition: true, AllFailed: false } || other.Deployment == candidate.Deployment) continue;
            if (plan.Pin is { } pin && other.Deployment.UpstreamModel != pin.Version) continue;
            var isTried = false;
            foreach (ref readonly var attempt in exchange.Call.Attempts) isTried |= attempt.Candidate.Deployment == other.Deployment;
            if (!isTried) return other;
        }
        return null;
    }

    /// <summary>Whether a candidate may be asked once more: it is paid for by what is held, usually answers in time, and is not left alone.</summary>
    public bool MayCall(Exchange exchange, Candidate candidate)
    {
        if (exchange.Reservation?.BoundsSpend(exchange.Caller!.Key.HoldPolicy) == true && LegBounds.CountOf(exchange) < LegBounds.WantedBy(exchange)) return false;
        var deployment = candidate.Deployment;
        return HedgePolicy.IsInTime(exchange.Call.StandByUs - exchange.ElapsedUs, deployment.Traffic.Circuit.P95(exchange.Request!.Stream)) && circuits.MayCall(deployment, hasOthers: false);
    }

    /// <summary>The reply does not stand: its attempt is charged by what it said of itself.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="facts">What the reply said as far as it was read.</param>
    /// <param name="outcome">What is noted of the attempt.</param>
    public void PutAside(Exchange exchange, ReplyFacts facts, string outcome)
    {
        var call = exchange.Call;
        var reply = call.Standing!;
        call.EndLast(exchange.ElapsedUs, outcome);
        var attempt = call.Attempts[^1];
        var spend = PriceUsage.OfLeg(exchange, reply.Candidate, facts, spoken: 0);
        exchange.NoteLegs().Add(attempt, spend);
        if (call.Quota is { } hold) quota.Lose(hold, spend);
        // Its provider did well, unless the caller has not waited for the end.
        if (exchange.Http.RequestAborted.IsCancellationRequested) CircuitWatch.Left(reply.Candidate.Deployment);
        else circuits.Succeeded(exchange, reply.Candidate.Deployment);
        call.End();
        reply.Dispose();
        (call.Standing, call.Quota) = (null, null);
    }

    /// <summary>One more attempt; true = its reply stands.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="candidate">Who is asked.</param>
    /// <param name="question">What is asked; null = the request itself.</param>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public async ValueTask<bool> TryAsync(Exchange exchange, Candidate candidate, RequestFacts? question)
    {
        var (call, deployment, startUs) = (exchange.Call, candidate.Deployment, exchange.ElapsedUs);
        var own = question is null ? exchange : OwnOf(exchange, question);
        var taken = await quota.TakeAsync(exchange, candidate);
        if (taken.Refusal is not null)
        {
            CircuitWatch.Left(deployment);
            return false;
        }
        call.InFlight = candidate;
        call.Begin(deployment);
        var (reply, failure, attempt) = await caller.TryAsync(own, candidate);
        call.InFlight = null;
        // On the request's clock.
        if (question is not null) attempt = attempt with { StartUs = startUs, FirstByteUs = attempt.FirstByteUs - attempt.StartUs + startUs, EndUs = exchange.ElapsedUs };
        call.Add(attempt);
        call.UpstreamUs += attempt.EndUs - attempt.StartUs;
        if (reply is not null)
        {
            (call.Standing, call.Quota) = (reply, taken.Hold);
            circuits.Stood(exchange, deployment, attempt);
            return true;
        }
        call.End();
        if (taken.Hold is { } hold) quota.Fail(hold);
        failures.Note(exchange, attempt, failure!);
        PriceUsage.Lose(call, candidate, failure!);
        return false;
    }

    // The caller's headers and body are not those of the question; the deadline is.
    private Exchange OwnOf(Exchange exchange, RequestFacts question)
    {
        var own = new Exchange(new DefaultHttpContext { RequestAborted = exchange.Http.RequestAborted }, exchange.Operation, exchange.Snapshot, time)
        {
            Caller = exchange.Caller, Request = question, Estimator = exchange.Estimator, Plan = exchange.Plan,
        };
        own.Call.StandByUs = Left(exchange, exchange.Call.StandByUs);
        own.Call.EndByUs = Left(exchange, exchange.Call.EndByUs);
        return own;
    }

    private static long Left(Exchange exchange, long byUs) => byUs == long.MaxValue ? byUs : Math.Max(0, byUs - exchange.ElapsedUs);
}
