using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Gateway.Reliability.Hedging;

/// <summary>Which requests may be hedged, and after which wait.</summary>
internal static class HedgePolicy
{
    /// <summary>
    /// The settings of a request that may be hedged; null = it may not. What may not run twice is left alone: tools that the provider runs, and answers that it stores
    /// (Responses). So are arms of tests, which another one's answer would spoil.
    /// </summary>
    public static HedgeSettings? Of(Exchange exchange)
    {
        if (exchange.Plan is not { Model: { Reliability.Hedge: { } hedge } model, Arm: null }) return null;
        return exchange.Operation is { Kind: OperationKind.Chat, Dialect: not Dialect.OpenAiResponses } && exchange.Request?.Unusual is not { ServerTools: > 0 } && model.Strategy != RoutingStrategies.Ab
            ? hedge
            : null;
    }

    /// <summary>Who would rescue the first attempt of a request that may be hedged: the next of the model's own, under a pin only of its version. -1 = nobody.</summary>
    public static int TargetOf(Exchange exchange, in CandidateWalk walk)
    {
        if (exchange.Call.AttemptCount > 0 || Of(exchange) is null) return -1;
        var plan = exchange.Plan!;
        var second = walk.PeekOwn(plan.Candidates);
        return second >= 0 && plan.Pin is { } pin && plan.Candidates[second].Deployment.UpstreamModel != pin.Version ? -1 : second;
    }

    /// <summary>How many of the model's own deployments a request may go to.</summary>
    public static int OwnOf(RoutePlan plan)
    {
        var count = 0;
        foreach (ref readonly var candidate in plan.Candidates.AsSpan())
            if (candidate is { Dropped: null, Leg: null }) count++;
        return count;
    }

    /// <summary>How long the first one may take to begin before a second one is asked.</summary>
    /// <param name="hedge">The settings.</param>
    /// <param name="p95Ms">The first one's usual time at the slow end, in milliseconds; 0 = unknown, and then the upper bound holds.</param>
    public static TimeSpan WaitOf(HedgeSettings hedge, int p95Ms) =>
        TimeSpan.FromMilliseconds(p95Ms <= 0 ? hedge.Ceiling : Math.Clamp(p95Ms, hedge.Floor, Math.Max(hedge.Floor, hedge.Ceiling)));

    /// <summary>Whether a second one that is asked now usually answers in time.</summary>
    /// <param name="leftUs">Time left until an answer must stand, in microseconds.</param>
    /// <param name="p95Ms">The second one's usual time at the slow end, in milliseconds; 0 = unknown.</param>
    public static bool IsInTime(long leftUs, int p95Ms) => leftUs > 0 && leftUs >= p95Ms * 1_000L;
}
