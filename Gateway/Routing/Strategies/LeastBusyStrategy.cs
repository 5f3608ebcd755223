using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Routing.Strategies;

/// <summary>The one with the fewest requests of this gateway on their way; among equals each in turn.</summary>
internal sealed class LeastBusyStrategy : IStrategy
{
    /// <inheritdoc />
    public string Name => RoutingStrategies.LeastBusy;

    /// <inheritdoc />
    public void Order(ModelSnapshot model, RequestFacts? facts, Span<Candidate> candidates)
    {
        Ranking.Rotate(candidates, model.NextTurn());
        var ranks = Ranking.Room(candidates.Length);
        for (var i = 0; i < candidates.Length; i++) ranks[i] = candidates[i].Deployment.Traffic.InFlight;
        Ranking.Sort(candidates, ranks);
    }
}
