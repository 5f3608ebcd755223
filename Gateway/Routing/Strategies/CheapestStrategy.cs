using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Routing.Strategies;

/// <summary>
/// The cheapest for this request among those that can serve it. One that cannot is dropped as long as another one can; one without a price goes last, for
/// nobody knows what it costs.
/// </summary>
internal sealed class CheapestStrategy : IStrategy
{
    /// <inheritdoc />
    public string Name => RoutingStrategies.Cheapest;

    /// <inheritdoc />
    public void Order(ModelSnapshot model, RequestFacts? facts, Span<Candidate> candidates)
    {
        var ranks = Ranking.Room(candidates.Length);
        var canServe = false;
        foreach (var candidate in candidates) canServe |= candidate.Dropped is null && Fitness.Lack(facts, candidate.Deployment) is null;
        var (input, output) = (RequestGuess.InputTokens(facts), RequestGuess.OutputTokens(facts));
        for (var i = 0; i < candidates.Length; i++)
        {
            ref var candidate = ref candidates[i];
            if (canServe && candidate.Dropped is null) candidate = candidate with { Dropped = Fitness.Lack(facts, candidate.Deployment) };
            ranks[i] = candidate.Price is { Components: var price } ? (double)price.Input * input + (double)price.Output * output : double.MaxValue;
        }
        Ranking.Sort(candidates, ranks);
    }
}
