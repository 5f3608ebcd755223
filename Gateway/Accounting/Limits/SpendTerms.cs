using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>How much a request may cost under its key's hold policy, over all deployments that it may go to.</summary>
internal sealed class SpendTerms(TokenEstimator estimator, OutputAverages averages, LearnedOutput learned)
{
    // An answer shorter than this is of use to nobody, so a budget that has no room for it refuses.
    private const long LeastUsefulOutput = 64;

    /// <summary>The terms of a hold.</summary>
    /// <param name="exchange">The request with its plan.</param>
    /// <param name="outputLimit">Most output tokens that limits allow it; null = any number.</param>
    public HoldTerms Of(Exchange exchange, long? outputLimit)
    {
        var facts = exchange.Request!;
        var key = exchange.Caller!.Key;
        var plan = exchange.Plan!;
        var policy = key.HoldPolicy;
        var (input, perToken, output, expected) = (0L, 0L, 0L, 0L);
        foreach (var candidate in plan.Candidates)
        {
            if (candidate.Dropped is not null) continue;
            var bound = SpendBound.Of(facts, candidate.Deployment, candidate.Price, outputLimit);
            perToken = Math.Max(perToken, bound.OutputTokenNanoUsd);
            output = Math.Max(output, bound.MaxOutputTokens);
            expected = Math.Max(expected, ExpectedSpend.Of(facts, candidate.Deployment, candidate.Price, outputLimit, estimator, averages));
            input = Math.Max(input, bound.InputNanoUsd);
        }
        // Looking for a kept reply may cost something before any of them is asked.
        if (exchange.Call.LookupBoundNanoUsd is > 0 and var lookup)
            (input, expected) = (input > long.MaxValue - lookup ? long.MaxValue : input + lookup, expected > long.MaxValue - lookup ? long.MaxValue : expected + lookup);
        var first = plan.First;
        var tokens = ExpectedSpend.ExpectedInputTokens(facts, first.Deployment, estimator) + ExpectedSpend.ExpectedOutputTokens(facts, first.Deployment, averages, outputLimit);
        switch (policy)
        {
            case HoldPolicies.Soft:
                return new(expected, 0, output, output, tokens, expected);
            case HoldPolicies.Learned when learned.P95(key.Id, plan.Model.Name) is { } usual:
                // The expected cost has the average answer in it; the usual one is added on top of the input alone.
                var spoken = ExpectedSpend.ExpectedOutputTokens(facts, first.Deployment, averages, outputLimit);
                var asked = Math.Max(0, expected - perToken * spoken);
                return new(asked + perToken * Math.Min(usual, output), 0, output, output, tokens, expected);
            default:
                if (LegBounds.CountOf(exchange) is > 1 and var legs)
                {
                    // All answers or one: output is not cut to make room for a second one.
                    var sum = LegBounds.Of(exchange, legs, outputLimit);
                    return new(sum.InputNanoUsd, sum.OutputTokenNanoUsd, output, output, tokens, Math.Min(expected, input + perToken * output));
                }
                return new(input, perToken, output, Math.Min(output, LeastUsefulOutput), tokens, Math.Min(expected, input + perToken * output));
        }
    }

    /// <summary>Learns from an answer how long a key's answers are.</summary>
    public void Learn(Guid key, string model, long outputTokens) => learned.Learn(key, model, outputTokens);
}
