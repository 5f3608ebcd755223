using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Reliability.Fallbacks;
using AspireGateway.Gateway.Routing;
using AspireGateway.Gateway.Routing.Strategies;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Reliability.Circuits;

/// <summary>
/// When a circuit opens, all requests of its deployment would fall on whoever is next. That one gets a growing share of them instead, and the others of the plan that
/// can serve take the rest. Only the order changes, never who is in the plan (decision 0129).
/// </summary>
internal static class StandIns
{
    /// <summary>Reason of a plan that goes to another one than the next because the next is still ramped up.</summary>
    public const string Reason = "ramp";

    private static readonly Chance Chance = new();

    /// <summary>Whether candidates that a strategy ordered may change places. Steps of a cascade, bars of quality and arms of an A/B test may not.</summary>
    public static bool MayOrder(string strategy) => strategy is not (RoutingStrategies.Cascade or RoutingStrategies.Quality or RoutingStrategies.Ab);

    /// <summary>Puts another candidate before the one that stands in, for the share of requests that it does not get yet.</summary>
    /// <param name="candidates">A plan's candidates in their order, those dropped that are not to be asked.</param>
    /// <param name="facts">The request; null = it is not known.</param>
    /// <param name="latencyBudgetMs">How long an answer may take to begin; null = any time.</param>
    /// <param name="now">The time.</param>
    /// <param name="chance">Decides; null = by chance that nobody can foretell.</param>
    /// <returns>The ramp; null = there is none.</returns>
    public static StandInRamp? Ease(Span<Candidate> candidates, RequestFacts? facts, int? latencyBudgetMs, DateTimeOffset now, Chance? chance = null)
    {
        // 1. Who is next, and for whom does it stand in?
        var (first, sinceMs) = (-1, 0L);
        DeploymentSnapshot? outOne = null;
        for (var i = 0; i < candidates.Length && first < 0; i++)
        {
            ref readonly var candidate = ref candidates[i];
            if (candidate.Dropped is null && MayServe(candidate)) first = i;
            else if (candidate.Dropped == Circuit.CircuitOpen && candidate.Deployment.Traffic.Circuit.OutSinceMs is var since && since > sinceMs) (sinceMs, outOne) = (since, candidate.Deployment);
        }
        if (first < 0 || outOne is null) return null;
        // 2. How much of it may it get by now?
        var nowMs = now.ToUnixTimeMilliseconds();
        if (Circuit.ShareAfter(nowMs - sinceMs, CircuitFilter.RampMs) is not { } stage) return null;
        var others = 0;
        for (var i = first + 1; i < candidates.Length; i++)
            if (CanHelp(candidates, first, i, facts, latencyBudgetMs)) others++;
        if (others == 0) return null;
        // Nobody gets less than its even part: else the last of them would be slammed instead.
        var share = Math.Max(stage, 1.0 / (others + 1));
        var untilMs = sinceMs + Circuit.RampStages * (long)CircuitFilter.RampMs;
        var standIn = candidates[first].Deployment;
        var draw = (chance ?? Chance).Next();
        if (draw < share) return new(outOne, standIn, share, IsElsewhere: false, untilMs);
        // 3. Another one goes first, each of them as often.
        var turn = Math.Min(others - 1, (int)((draw - share) / (1 - share) * others));
        for (var i = first + 1; i < candidates.Length; i++)
        {
            if (!CanHelp(candidates, first, i, facts, latencyBudgetMs) || turn-- > 0) continue;
            var chosen = candidates[i];
            candidates[first..i].CopyTo(candidates[(first + 1)..]);
            candidates[first] = chosen;
            break;
        }
        return new(outOne, standIn, share, IsElsewhere: true, untilMs);
    }

    // A fallback that is only for certain failures does not stand in for anybody.
    private static bool MayServe(in Candidate candidate) => candidate.Leg is not { } leg || FallbackPolicy.TakesAtOnce(leg);

    // Another model is no help as long as one of the model's own can serve; and nobody helps who cannot serve this request, or is usually too slow for it.
    private static bool CanHelp(ReadOnlySpan<Candidate> candidates, int first, int at, RequestFacts? facts, int? latencyBudgetMs)
    {
        ref readonly var candidate = ref candidates[at];
        return candidate.Dropped is null && (candidate.Leg is null) == (candidates[first].Leg is null) && MayServe(candidate)
            && Fitness.Lack(facts, candidate.Deployment) is null
            && !(latencyBudgetMs is { } budget && candidate.Deployment.Traffic.Circuit.P95(facts is { Stream: true }) > budget);
    }
}
