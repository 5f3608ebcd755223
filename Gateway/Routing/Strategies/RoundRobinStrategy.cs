using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Routing.Strategies;

/// <summary>Each in turn, in the order of position; one that cannot serve gives its turn to the next.</summary>
internal sealed class RoundRobinStrategy : IStrategy
{
    /// <inheritdoc />
    public string Name => RoutingStrategies.RoundRobin;

    /// <inheritdoc />
    public void Order(ModelSnapshot model, RequestFacts? facts, Span<Candidate> candidates)
    {
        // Those that cannot serve go last, so that they have no turns.
        var ranks = Ranking.Room(candidates.Length);
        var kept = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            ranks[i] = candidates[i].Dropped is null ? 0 : 1;
            if (ranks[i] == 0) kept++;
        }
        Ranking.Sort(candidates, ranks);
        if (kept > 1) Ranking.Rotate(candidates[..kept], model.NextTurn());
    }
}
