using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Reliability.Hedging;

/// <summary>
/// One attempt that a second deployment is asked to rescue when it is slow to begin: who answers first stands, the other one is cancelled and charged (decision 0115). Both
/// are over, or stand, when it returns.
/// </summary>
internal sealed class HedgedCall(
    ProviderCaller caller, DeploymentQuota quota, CircuitWatch circuits, FailureWatch failures, HedgeBudgets budgets, OutputAverages averages, GatewayMetrics metrics, TimeProvider time)
{
    /// <summary>Outcome of an attempt whose answer came second.</summary>
    public const string Lost = "hedge_lost";

    /// <summary>Reason of a plan whose second deployment answered first.</summary>
    public const string Reason = "hedged";

    private const string CallerLeft = "caller_left";

    /// <summary>
    /// 1. The first one is called. 2. It is slow: may a second one be asked? 3. Both run. 4. The first answer stands; if that was a failure, the other one is the attempt.
    /// 5. Whoever is not needed is cancelled, waited for and charged.
    /// </summary>
    /// <param name="exchange">The request; its first deployment counts as called.</param>
    /// <param name="first">The candidate to call.</param>
    /// <param name="second">The one to rescue it.</param>
    /// <param name="hold">What is held of the first one's quota.</param>
    /// <returns>The result that counts. Where two were asked, the rest stands in <see cref="CallLegs.Hedge"/>.</returns>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public async ValueTask<(ProviderReply? Reply, ProviderFailure? Failure, Attempt Attempt)> RunAsync(Exchange exchange, int first, int second, Hold? hold)
    {
        var call = exchange.Call;
        var candidates = exchange.Plan!.Candidates;
        var hedge = exchange.Plan.Model.Reliability!.Hedge!;
        budgets.Earn(exchange, hedge);
        // 1
        var one = Begin(exchange, first, hold);
        Runner? other = null;
        var inFlight = one;
        try
        {
            // 2
            await BeginsInTimeAsync(one, HedgePolicy.WaitOf(hedge, candidates[first].Deployment.Traffic.Circuit.P95(exchange.Request!.Stream)));
            if (one.Call.IsCompleted || await EnterAsync(exchange, one, candidates[second]) is not { } entered) return await TakeAsync(one);
            // 3
            var dropped = call.Dropped.ToArray();
            candidates[second].Deployment.Traffic.Begin();
            metrics.Hedges.Started.Add(1);
            other = Begin(exchange, second, entered.Hold);
            var ahead = await Task.WhenAny(one.Call, other.Call) == one.Call ? one : other;
            var behind = ahead == one ? other : one;
            // 4
            var result = await TakeAsync(ahead);
            HedgeFailure? earlier = null;
            if (result.Failure is { } failure)
            {
                earlier = new(ahead.At, failure, result.Attempt);
                Fail(exchange, ahead, result.Attempt, failure);
                Leave(call, ahead, one, candidates[second]);
                inFlight = ahead = behind;
                call.InFlight = candidates[behind.At];
                result = await TakeAsync(ahead);
            }
            else
            {
                // 5
                Charge(exchange, behind, await StopAsync(behind), behind == one);
                Leave(call, behind, one, candidates[second]);
            }
            if (ahead == one) call.Dropped.Set(dropped);
            else if (result.Reply is not null) metrics.Hedges.Won.Add(1);
            // What two take at once, the providers take once.
            call.UpstreamUs += result.Attempt.StartUs - one.StartUs;
            call.Legs!.Hedge = new(ahead.At, ahead.Hold, earlier);
            return result;
        }
        finally
        {
            // The caller left: what runs is ended. The one in flight is charged as any request's; the other one here.
            if (!one.IsOver) await EndAsync(exchange, one, one == inFlight, isFirst: true);
            if (other is { IsOver: false }) await EndAsync(exchange, other, other == inFlight, isFirst: false);
            if (other is { HasLeft: false } && call.Busy != candidates[second].Deployment) candidates[second].Deployment.Traffic.End();
        }
    }

    private static async ValueTask<(ProviderReply? Reply, ProviderFailure? Failure, Attempt Attempt)> TakeAsync(Runner who)
    {
        var result = await who.Call;
        who.IsOver = true;
        return result;
    }

    private async ValueTask EndAsync(Exchange exchange, Runner who, bool isInFlight, bool isFirst)
    {
        var result = await StopAsync(who);
        if (isInFlight) result.Reply?.Dispose();
        else Charge(exchange, who, result, isFirst);
    }

    private Runner Begin(Exchange exchange, int at, Hold? hold)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(exchange.Http.RequestAborted);
        // The reply that stands goes on under it.
        exchange.Http.Response.RegisterForDispose(stop);
        var legs = exchange.Call.Legs ??= new();
        legs.Stop = stop.Token;
        try
        {
            return new(at, hold, stop, exchange.ElapsedUs, caller.TryAsync(exchange, exchange.Plan!.Candidates[at]).AsTask());
        }
        finally
        {
            legs.Stop = null;
        }
    }

    private async ValueTask BeginsInTimeAsync(Runner one, TimeSpan wait)
    {
        if (one.Call.IsCompleted) return;
        using var over = new CancellationTokenSource();
        await Task.WhenAny(one.Call, Task.Delay(wait, time, over.Token));
        await over.CancelAsync();
    }

    /// <summary>Whether the second one may be asked: in time, within what is held, by its circuit, within the model's share and its own quota. Null = it may not.</summary>
    private async ValueTask<QuotaAnswer?> EnterAsync(Exchange exchange, Runner one, Candidate second)
    {
        var deployment = second.Deployment;
        if (!HedgePolicy.IsInTime(exchange.Call.StandByUs - exchange.ElapsedUs, deployment.Traffic.Circuit.P95(exchange.Request!.Stream))) return null;
        if (exchange.Reservation?.BoundsSpend(exchange.Caller!.Key.HoldPolicy) == true && LegBounds.CountOf(exchange) < 2) return null;
        if (!circuits.MayCall(deployment, hasOthers: true)) return null;
        if (!budgets.TrySpend(exchange))
        {
            metrics.Hedges.Spared.Add(1);
            CircuitWatch.Left(deployment);
            return null;
        }
        var taken = await quota.TakeAsync(exchange, second);
        if (taken.Refusal is null && !one.Call.IsCompleted) return taken;
        if (taken.Hold is { } unused) quota.Fail(unused);
        CircuitWatch.Left(deployment);
        return null;
    }

    /// <summary>One of two is no longer needed, or failed: the request counts at the other one's deployment.</summary>
    private static void Leave(ProviderCall call, Runner who, Runner one, in Candidate second)
    {
        if (who == one) call.Replace(second.Deployment);
        else second.Deployment.Traffic.End();
        if (who != one) who.HasLeft = true;
    }

    private static async ValueTask<(ProviderReply? Reply, ProviderFailure? Failure, Attempt? Attempt)> StopAsync(Runner who)
    {
        who.IsOver = true;
        who.WasOver = who.Call.IsCompleted;
        if (!who.WasOver) await who.Stop.CancelAsync();
        try
        {
            return await who.Call;
        }
        catch (OperationCanceledException)
        {
            return default;
        }
    }

    private void Fail(Exchange exchange, Runner who, in Attempt attempt, ProviderFailure failure)
    {
        var candidate = exchange.Plan!.Candidates[who.At];
        exchange.Call.Add(attempt);
        if (who.Hold is { } hold) quota.Fail(hold);
        failures.Note(exchange, attempt, failure);
        PriceUsage.Lose(exchange.Call, candidate, failure);
    }

    /// <summary>Notes an attempt that does not stand with what it cost. One that answered, or may be answering, is paid for; one that failed only if its provider says so.</summary>
    private void Charge(Exchange exchange, Runner who, (ProviderReply? Reply, ProviderFailure? Failure, Attempt? Attempt) result, bool isFirst)
    {
        var call = exchange.Call;
        var candidate = exchange.Plan!.Candidates[who.At];
        var deployment = candidate.Deployment;
        var endUs = exchange.ElapsedUs;
        var attempt = result.Attempt ?? new Attempt(candidate, who.StartUs, null, endUs, null, CallerLeft);
        if (who.WasOver && result.Failure is { } failure)
        {
            Fail(exchange, who, attempt, failure);
            return;
        }
        var stream = exchange.Request!.Stream;
        // A whole answer may be half made by now.
        var spoken = stream || result.Reply is not null ? 0 : ExpectedSpend.ExpectedOutputTokens(exchange.Request, deployment, averages, exchange.Request.OutputCap);
        var spend = PriceUsage.OfLeg(exchange, candidate, result.Reply?.Facts, spoken);
        result.Reply?.Dispose();
        call.Add(attempt with { EndUs = endUs, Outcome = exchange.Http.RequestAborted.IsCancellationRequested ? CallerLeft : Lost });
        call.Legs!.Add(call.Attempts[^1], spend);
        if (who.Hold is { } hold) quota.Lose(hold, spend);
        CircuitWatch.Left(deployment);
        // As far as it ran: the slowest answers would otherwise never be seen.
        if (isFirst) deployment.Traffic.Circuit.Outlast(stream, (int)((endUs - who.StartUs) / 1_000));
    }

    private sealed class Runner(int at, Hold? hold, CancellationTokenSource stop, long startUs, Task<(ProviderReply? Reply, ProviderFailure? Failure, Attempt Attempt)> call)
    {
        public int At { get; } = at;

        public Hold? Hold { get; } = hold;

        public CancellationTokenSource Stop { get; } = stop;

        public long StartUs { get; } = startUs;

        public Task<(ProviderReply? Reply, ProviderFailure? Failure, Attempt Attempt)> Call { get; } = call;

        /// <summary>Its result was taken.</summary>
        public bool IsOver { get; set; }

        /// <summary>It had ended before it was told to.</summary>
        public bool WasOver { get; set; }

        /// <summary>Its deployment no longer counts the request.</summary>
        public bool HasLeft { get; set; }
    }
}
