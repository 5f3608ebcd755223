using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing;

namespace AspireGateway.Gateway.Accounting;

/// <summary>Makes the opening of a request: what its record will be if this process dies on the way.</summary>
internal static class OpeningOf
{
    /// <summary>The opening under the plan as it stands, with an estimate of the cost at the first candidate.</summary>
    /// <param name="exchange">The request with its plan.</param>
    /// <param name="estimator">Estimates its input.</param>
    /// <param name="averages">How long answers usually are.</param>
    /// <param name="mostOutputTokens">Output tokens that are held: no orphan is charged for more.</param>
    public static JournalOpening Request(Exchange exchange, TokenEstimator estimator, OutputAverages averages, long mostOutputTokens = long.MaxValue)
    {
        var caller = exchange.Caller!;
        var facts = exchange.Request!;
        var plan = exchange.Plan!;
        var first = plan.First;
        var inputTokens = estimator.InputOf(facts, first.Deployment);
        var outputTokens = Math.Min(mostOutputTokens, Math.Min(averages.Of(first.Deployment.Id), facts.OutputCap ?? facts.MaxOutputTokens ?? long.MaxValue));
        return new JournalOpening
        {
            Id = exchange.Id,
            AtUs = (exchange.ArrivedAt.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond,
            RequestId = exchange.RequestId,
            OrganisationId = caller.Organisation.Id,
            TeamId = caller.Team.Id,
            KeyId = caller.Key.Id,
            UserId = facts.UserId,
            Feature = facts.Feature,
            Agent = facts.Agent,
            Route = exchange.Operation.Name,
            Model = plan.Model.Name,
            Provider = first.Deployment.Provider.Slug,
            Deployment = first.Deployment.Name,
            PriceVersionId = first.Price?.Id,
            Tags = facts.Tags,
            Streamed = facts.Stream,
            EstimatedInputTokens = inputTokens,
            EstimatedOutputTokens = outputTokens,
            EstimatedCostNanoUsd = first.Price is null ? 0 : CostCalculator.CostOf(first.Price.Components, new TokenUsage(inputTokens, 0, 0, outputTokens, 0), facts.Units, null),
        };
    }
}
