using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Routing.Strategies;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Routing.Quality;

/// <summary>
/// Quality first: the cheapest for this request among the deployments whose lower bound at its task clears the task's bar. Behind them, for when they fail, the others from the
/// highest lower bound down; so where none clears, the best known is first. One without a figure is unproven and last. One that cannot serve the request is dropped as long as
/// another one can, as <see cref="CheapestStrategy"/> does.
/// </summary>
internal sealed class QualityStrategy : IStrategy
{
    /// <summary>Reason of a plan whose first candidate clears the bar.</summary>
    public const string Proven = "quality:proven";

    /// <summary>Reason of a plan in which none clears the bar: the best known is first.</summary>
    public const string BestKnown = "quality:best_known";

    /// <summary>Reason of a plan whose first candidate has no figure.</summary>
    public const string Unproven = "quality:unproven";

    // Above every price: a price in nano-USD times tokens stays below 1e38.
    private const double NoPrice = 1e50, BelowTheBar = 1e60, Unknown = 1e70;

    /// <inheritdoc />
    public string Name => RoutingStrategies.Quality;

    /// <inheritdoc />
    public void Order(ModelSnapshot model, RequestFacts? facts, Span<Candidate> candidates)
    {
        var ranks = Ranking.Room(candidates.Length);
        var canServe = false;
        foreach (var candidate in candidates) canServe |= candidate.Dropped is null && Fitness.Lack(facts, candidate.Deployment) is null;
        var (input, output) = (RequestGuess.InputTokens(facts), RequestGuess.OutputTokens(facts));
        var bar = model.QualityBars.Of(facts?.Task);
        for (var i = 0; i < candidates.Length; i++)
        {
            ref var candidate = ref candidates[i];
            if (canServe && candidate.Dropped is null) candidate = candidate with { Dropped = Fitness.Lack(facts, candidate.Deployment) };
            ranks[i] = Find(candidate.Deployment, facts) is not { } known ? Unknown
                : known.Lower < bar ? BelowTheBar * (2 - known.Lower)
                : candidate.Price is { Components: var price } ? (double)price.Input * input + (double)price.Output * output : NoPrice;
        }
        Ranking.Sort(candidates, ranks);
    }

    /// <summary>What is known of a deployment at a request's task; null = nothing.</summary>
    public static QualityRow? Find(DeploymentSnapshot deployment, RequestFacts? facts) =>
        facts?.Task is { } task && deployment.Quality.TryGetValue(task, out var known) ? known : null;

    /// <summary>The reason of a plan, by its first candidate that is kept.</summary>
    public static string ReasonOf(ModelSnapshot model, RequestFacts? facts, ReadOnlySpan<Candidate> candidates)
    {
        foreach (var candidate in candidates)
            if (candidate.Dropped is null) return ReasonOf(model, facts, candidate.Deployment);
        return Unproven;
    }

    /// <summary>How a deployment stands against the bar, as a plan's reason.</summary>
    public static string ReasonOf(ModelSnapshot model, RequestFacts? facts, DeploymentSnapshot deployment) =>
        Find(deployment, facts) is not { } known ? Unproven : known.Lower >= model.QualityBars.Of(facts?.Task) ? Proven : BestKnown;
}
