using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Reliability.Circuits;
using AspireGateway.Gateway.Reliability.Hedging;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Cascades;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Providers.Cascades;

/// <summary>One step of a cascade: an attempt whose answer stands only if the gate lets it through, or if nothing better can be had (decision 0116).</summary>
internal sealed class CascadeCall(ProviderCaller caller, JudgeCall judges, DeploymentQuota quota, CircuitWatch circuits, GatewayMetrics metrics)
{
    /// <summary>Begins the reason of a plan whose answer came after an escalation; the check that led to the last one follows.</summary>
    public const string ReasonPrefix = "cascade:";

    /// <summary>Reason of a plan whose answer was put aside and stands because no later one does.</summary>
    public const string Kept = ReasonPrefix + "kept";

    // What later steps leave of the time, so that an answer put aside can still go out.
    private const long MostMarginUs = 250_000;
    private const long MarginShare = 20;

    /// <summary>
    /// 1. Call. 2. The last step's answer, or one that nothing can follow, stands unseen. 3. It is read to its end and scored. 4. It stands, or is put aside.
    /// </summary>
    /// <param name="exchange">The request.</param>
    /// <param name="at">The candidate.</param>
    /// <param name="next">The one after it; -1 = there is none.</param>
    /// <param name="hold">What is held of the candidate's quota.</param>
    /// <returns>The reply that stands, or the failure. Neither: its answer was put aside, the attempt is noted and charged.</returns>
    /// <exception cref="OperationCanceledException">The caller left.</exception>
    public async ValueTask<(ProviderReply? Reply, ProviderFailure? Failure, Attempt Attempt)> RunAsync(Exchange exchange, int at, int next, Hold? hold)
    {
        // 1
        var (reply, failure, attempt) = await caller.TryAsync(exchange, exchange.Plan!.Candidates[at]);
        if (reply is null) return (null, failure, attempt);
        var isKept = false;
        var facts = reply.Events is null ? reply.Facts : new ReplyFacts();
        try
        {
            // 2
            if (MayGoOn(exchange, next))
            {
                // 3
                var cascade = CascadePolicy.Of(exchange)!;
                var answer = await AnswerReader.ReadAsync(exchange, reply, facts);
                attempt = attempt with { EndUs = exchange.ElapsedUs };
                if (answer.Failure is { } broken) return (null, broken, attempt with { Outcome = broken.Outcome });
                if (answer.Chat is { } chat)
                {
                    var verdict = QualityGate.Score(chat, AskedFor.Of(exchange)?.ResponseFormat, cascade);
                    if (verdict.Score >= cascade.Bar && cascade.Judge is { } judge && await judges.ScoreAsync(exchange, judge, chat) is { } judged) verdict = verdict.Or(judged);
                    var isGood = verdict.Score >= cascade.Bar;
                    (exchange.Call.Legs ??= new()).Note(attempt, verdict);
                    metrics.Gates.GetOrAdd(isGood ? "passed" : verdict.Check!, static _ => new Counter()).Add(1);
                    // 4
                    if (!isGood && MayGoOn(exchange, next))
                    {
                        isKept = true;
                        PutAside(exchange, reply, attempt, verdict, facts, hold);
                        return (null, null, attempt);
                    }
                }
            }
            isKept = true;
            // Whatever was put aside before is not needed any more.
            exchange.Call.Legs?.Dispose();
            return (reply, null, attempt);
        }
        catch (OperationCanceledException)
        {
            // The caller left while the answer was held: what came of it is charged.
            exchange.Call.InFlight = null;
            exchange.Call.Add(attempt with { EndUs = exchange.ElapsedUs, Outcome = "caller_left" });
            exchange.NoteLegs().Add(attempt, PriceUsage.OfLeg(exchange, reply.Candidate, facts, spoken: 0));
            throw;
        }
        finally
        {
            if (!isKept) reply.Dispose();
        }
    }

    /// <summary>Whether an answer was put aside and the candidate is no step that may bring a better one.</summary>
    public static bool HasEnded(Exchange exchange, int at) =>
        exchange.Call.Legs?.Held is not null && (at < 0 || !CascadePolicy.IsStep(CascadePolicy.Of(exchange)!, exchange.Plan!.Candidates[at]));

    /// <summary>Lets the best answer stand that was put aside; false = there is none.</summary>
    public static bool TryKeep(Exchange exchange)
    {
        var call = exchange.Call;
        if (call.Legs is not { Held: { } held } legs) return false;
        legs.Held = null;
        legs.Remove(held.Attempt);
        call.PutLast(held.Attempt);
        call.Standing = held.Reply;
        exchange.Plan = exchange.Plan! with { Reason = Kept };
        return true;
    }

    /// <summary>Whether another step is there, usually answers in time, and is paid for by what is held.</summary>
    private static bool MayGoOn(Exchange exchange, int next)
    {
        if (next < 0 || CascadePolicy.Of(exchange) is not { } cascade) return false;
        var candidate = exchange.Plan!.Candidates[next];
        if (!CascadePolicy.IsStep(cascade, candidate)) return false;
        var call = exchange.Call;
        if (!HedgePolicy.IsInTime(call.StandByUs - exchange.ElapsedUs, candidate.Deployment.Traffic.Circuit.P95(exchange.Request!.Stream))) return false;
        return exchange.Reservation?.BoundsSpend(exchange.Caller!.Key.HoldPolicy) != true || LegBounds.CountOf(exchange) > (call.Legs?.Escalations ?? 0) + 1;
    }

    private void PutAside(Exchange exchange, ProviderReply reply, in Attempt attempt, in GateVerdict verdict, ReplyFacts facts, Hold? hold)
    {
        var (call, candidate) = (exchange.Call, reply.Candidate);
        var (legs, deployment) = (call.Legs!, candidate.Deployment);
        var spend = PriceUsage.OfLeg(exchange, candidate, facts, spoken: 0);
        call.Add(attempt);
        call.UpstreamUs += attempt.EndUs - attempt.StartUs;
        legs.Add(attempt, spend);
        if (hold is not null) quota.Lose(hold, spend);
        circuits.Stood(exchange, deployment, attempt);
        circuits.Succeeded(exchange, deployment);
        deployment.Traffic.Note(null, attempt.EndUs - attempt.StartUs, spend.Usage.Output);
        if (legs.Held is { } best && best.Score > verdict.Score)
        {
            reply.Dispose();
        }
        else
        {
            legs.Dispose();
            legs.Held = new(reply, attempt, verdict.Score);
        }
        if (legs.Escalations++ == 0 && call.StandByUs != long.MaxValue)
            call.StandByUs -= Math.Min(MostMarginUs, Math.Max(0, call.StandByUs - exchange.ElapsedUs) / MarginShare);
        exchange.Plan = exchange.Plan! with { Reason = ReasonPrefix + verdict.Check };
    }
}
