using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Reliability.Credentials;
using AspireGateway.Gateway.Reliability.Fallbacks;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Strategies;

namespace AspireGateway.Gateway.Reliability.Circuits;

/// <summary>
/// Takes those out of a plan that are not to be asked now, and puts the usually too slow ones behind the faster ones. When nobody is left, those are asked all the
/// same whom only their circuit kept out: a request that may fail is better than one that surely does. Whom a person took out stays out (decision 0103).
/// </summary>
internal static class CircuitFilter
{
    private static readonly Chance Chance = new();

    /// <summary>How long a deployment that recovers or stands in keeps each share of its requests; set once at start.</summary>
    public static int RampMs { get; set; } = 15_000;

    /// <summary>Filters the candidates of one model. Takes no memory.</summary>
    /// <param name="candidates">In the order of preference.</param>
    /// <param name="facts">The request; null = it is not known.</param>
    /// <param name="latencyBudgetMs">How long an answer may take to begin; null = any time.</param>
    /// <param name="now">The time.</param>
    public static void Apply(Span<Candidate> candidates, RequestFacts? facts, int? latencyBudgetMs, DateTimeOffset now)
    {
        var nowMs = now.ToUnixTimeMilliseconds();
        foreach (ref var candidate in candidates)
        {
            if (candidate.Dropped is null && (candidate.Deployment.Traffic.Circuit.Objection(nowMs, Chance, RampMs) ?? CredentialSpread.Objection(candidate.Deployment, nowMs)) is { } objection)
                candidate = candidate with { Dropped = objection };
        }
        if (latencyBudgetMs is { } budget && candidates.Length > 1) PutSlowLast(candidates, facts is { Stream: true }, facts?.Timeout is { } own && own.TotalMilliseconds < budget ? (int)own.TotalMilliseconds : budget);
    }

    /// <summary>Lets the model's own deployments be asked that only their circuit kept out, unless somebody else can serve.</summary>
    /// <returns>How many candidates of fallbacks can serve.</returns>
    public static int RestoreUnlessServed(Span<Candidate> candidates)
    {
        var (served, legs) = (false, 0);
        foreach (ref readonly var candidate in candidates)
        {
            if (candidate.Dropped is not null) continue;
            served |= candidate.Leg is not { } leg || FallbackPolicy.TakesUnavailable(leg);
            if (candidate.Leg is not null) legs++;
        }
        if (served) return legs;
        foreach (ref var candidate in candidates)
        {
            if (candidate.Leg is null && candidate.Dropped is Circuit.CircuitOpen or Circuit.RestingWord or Circuit.RecoveringWord && !candidate.Deployment.Traffic.Circuit.IsHeld)
                candidate = candidate with { Dropped = null };
        }
        return legs;
    }

    // Order is kept among the fast ones and among the slow ones. One whose times are unknown is not slow.
    private static void PutSlowLast(Span<Candidate> candidates, bool stream, int budget)
    {
        var fast = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (candidates[i].Deployment.Traffic.Circuit.P95(stream) > budget) continue;
            var candidate = candidates[i];
            for (var j = i; j > fast; j--) candidates[j] = candidates[j - 1];
            candidates[fast++] = candidate;
        }
    }
}
