using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Routing.Strategies;

/// <summary>
/// By chance in proportion to the weights, also for the second and later places: each deployment draws an exponentially distributed number of its weight's rate,
/// and the smallest is first (Efraimidis and Spirakis, "Weighted random sampling with a reservoir", 2006). Weight 0: only after all others failed.
/// </summary>
internal sealed class WeightedStrategy(Chance chance) : IStrategy
{
    /// <inheritdoc />
    public string Name => RoutingStrategies.Weighted;

    /// <inheritdoc />
    public void Order(ModelSnapshot model, RequestFacts? facts, Span<Candidate> candidates)
    {
        var ranks = Ranking.Room(candidates.Length);
        // Never 1, so the logarithm is finite.
        for (var i = 0; i < candidates.Length; i++) ranks[i] = -Math.Log(1 - chance.Next()) / model.WeightAt(i);
        Ranking.Sort(candidates, ranks);
    }
}
