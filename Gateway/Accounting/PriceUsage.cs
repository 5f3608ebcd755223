using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Routing;

namespace AspireGateway.Gateway.Accounting;

/// <summary>Turns what is known of a request's tokens into its spend. Called by the reply step for the headers, and again when all is over.</summary>
internal static class PriceUsage
{
    /// <summary>
    /// The spend of an exchange as it stands: nothing when it was refused or every attempt failed; what the provider reported; else an estimate from
    /// the prompt's and the forwarded answer's size, flagged, because a missing report is not zero. And what failed attempts used, as far as they said so, and what
    /// it cost to look for a kept reply.
    /// </summary>
    public static Spend Of(Exchange exchange)
    {
        var spend = exchange.Call.Lost is { } lost ? Sum(OfAnswer(exchange), lost) : OfAnswer(exchange);
        return exchange.Call.Lookup is { } lookup ? Sum(spend, lookup) : spend;
    }

    /// <summary>Notes what an attempt used that failed, where its provider says so: it will be on the bill.</summary>
    public static void Lose(ProviderCall call, in Candidate candidate, ProviderFailure failure)
    {
        if (failure.Usage is not { } used || used == default) return;
        (call.Legs ??= new()).Add(call.Attempts[^1], At(candidate.Price, used, default, null, isEstimated: false));
    }

    /// <summary>What an attempt used that began to answer, or may have, and does not stand: what its provider reported, else an estimate within what is held for it.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="candidate">Who was called.</param>
    /// <param name="facts">What its answer said as far as it came; null = none came.</param>
    /// <param name="spoken">Output tokens that it may have made unseen.</param>
    public static Spend OfLeg(Exchange exchange, in Candidate candidate, ReplyFacts? facts, long spoken)
    {
        var request = exchange.Request!;
        var units = facts is null ? default : UsedUnits.Of(request, facts);
        var output = Math.Max(spoken, facts is null || facts.IsFinished && facts.Usage is not null ? 0 : OutputOf(facts));
        if (facts?.Usage is { } reported && output <= reported.Output) return At(candidate.Price, reported, units, facts.ServiceTier, isEstimated: false);
        var usage = facts?.Usage is { } begun ? begun with { Output = output } : new TokenUsage(InputOf(exchange, candidate), 0, 0, output, 0);
        var spend = At(candidate.Price, usage, units, facts?.ServiceTier, isEstimated: true);
        var bound = SpendBound.Of(request, candidate.Deployment, candidate.Price, keyCap: null).WorstNanoUsd;
        return spend.CostNanoUsd <= bound ? spend : spend with { CostNanoUsd = bound };
    }

    /// <summary>Both together.</summary>
    public static Spend Sum(Spend answer, Spend lost)
    {
        var (a, b) = (answer.Usage, lost.Usage);
        var usage = new TokenUsage(a.Input + b.Input, a.CacheRead + b.CacheRead, a.CacheWrite + b.CacheWrite, a.Output + b.Output, a.Reasoning + b.Reasoning);
        return answer with
        {
            Usage = usage, CostNanoUsd = answer.CostNanoUsd + lost.CostNanoUsd, PriceVersionId = answer.PriceVersionId ?? lost.PriceVersionId,
            IsEstimated = answer.IsEstimated || lost.IsEstimated,
            PrefixSavedNanoUsd = answer.PrefixSavedNanoUsd is null && lost.PrefixSavedNanoUsd is null ? null : (answer.PrefixSavedNanoUsd ?? 0) + (lost.PrefixSavedNanoUsd ?? 0),
        };
    }

    private static Spend OfAnswer(Exchange exchange)
    {
        // Vendors count tokens for nothing.
        if (exchange.Operation.Kind == Ingress.OperationKind.CountTokens) return Spend.None;
        if (exchange.Call.Standing is not { } reply)
        {
            // The caller left while a provider was at work: the prompt was sent and will be billed, the answer is unknown.
            return exchange.Reply.CallerLeft && exchange.Call.InFlight is { } candidate
                ? At(candidate.Price, new TokenUsage(InputOf(exchange, candidate), 0, 0, 0, 0), exchange.Request!.Units, null, isEstimated: true)
                : Spend.None;
        }
        var tier = reply.Facts.ServiceTier;
        var units = UsedUnits.Of(exchange.Request!, reply.Facts);
        if (reply.Facts.Usage is { } reported)
        {
            // A stream that reports its input at the start and broke off has said nothing yet of the output that went out.
            var sent = reply.Facts.IsFinished ? 0 : OutputOf(reply.Facts);
            return sent <= reported.Output
                ? At(reply.Candidate.Price, reported, units, tier, isEstimated: false)
                : At(reply.Candidate.Price, reported with { Output = sent }, units, tier, isEstimated: true);
        }
        if (UsedUnits.SufficeFor(reply.Candidate.Price?.Components, units, reply.Facts)) return At(reply.Candidate.Price, default, units, tier, isEstimated: false);
        return At(reply.Candidate.Price, new TokenUsage(InputOf(exchange, reply.Candidate), 0, 0, OutputOf(reply.Facts), 0), units, tier, isEstimated: true);
    }

    private static long InputOf(Exchange exchange, in Candidate candidate) =>
        exchange.Estimator?.InputOf(exchange.Request!, candidate.Deployment) ?? TokenEstimator.PlainInputOf(exchange.Request!, candidate.Deployment);

    private static long OutputOf(ReplyFacts facts) => Math.Max(TokenEstimate.FromBytes(facts.ContentBytes), facts.ContentEvents);

    private static Spend At(State.PriceSnapshot? price, in TokenUsage usage, in UnitUsage units, string? tier, bool isEstimated)
    {
        if (price is null) return new(usage, 0, null, isEstimated) { Units = units, ServiceTier = tier };
        // A price that says nothing of what was used makes a cost of 0 that must not pass for a certain one.
        var isPriced = CostCalculator.IsPriced(price.Components, usage, units);
        var cost = CostCalculator.CostOf(price.Components, usage, units, tier);
        return new(usage, cost, price.Id, isEstimated || !isPriced) { Units = units, ServiceTier = tier, PrefixSavedNanoUsd = PrefixSaved(price, usage, units, tier, cost) };
    }

    // The same tokens outside every cache, at the same step and tier, less what they cost: each of the two is rounded as a record's cost is.
    private static long? PrefixSaved(State.PriceSnapshot price, in TokenUsage usage, in UnitUsage units, string? tier, long cost)
    {
        if (usage.CacheRead <= 0 && usage.CacheWrite <= 0) return null;
        return CostCalculator.CostOf(price.Components, usage with { Input = usage.TotalInput, CacheRead = 0, CacheWrite = 0 }, units, tier) - cost;
    }
}
