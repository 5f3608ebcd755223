using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing;

namespace AspireGateway.Gateway.Accounting;

/// <summary>
/// Tells the journal of the request before any provider is called, with an estimate of its cost: if this process dies on the way, the next one makes
/// a record of it. A request that cannot be booked is not served.
/// </summary>
internal sealed class OpenUsage(UsageJournal journal, OutputAverages averages, TokenEstimator estimator) : IDecide
{
    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var caller = exchange.Caller!;
        var facts = exchange.Request!;
        var plan = exchange.Plan!;
        var first = FirstKept(plan);
        exchange.Estimator = estimator;
        var inputTokens = estimator.InputOf(facts, first.Deployment);
        var outputTokens = Math.Min(averages.Of(first.Deployment.Id), facts.MaxOutputTokens ?? long.MaxValue);
        exchange.IsOpened = journal.TryOpen(new JournalOpening
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
        });
        return exchange.IsOpened
            ? Decision.Continue
            : Decision.Refuse(Refusal.StoreUnavailable("The gateway's usage journal cannot take more records, so the request could not be booked. Try again shortly; an operator must free disk space or bring the database back."));
    }

    private static Candidate FirstKept(RoutePlan plan)
    {
        foreach (var candidate in plan.Candidates)
            if (candidate.Dropped is null) return candidate;
        return plan.Candidates[0];
    }
}
