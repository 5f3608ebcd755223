using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Routing.Strategies;

/// <summary>
/// The one that lately would have finished an answer of this length soonest: usual time to the first token plus usual time a token. One that was hardly measured is tried first,
/// and one request in twenty goes to another one than the fastest, so that what became fast again is noticed.
/// </summary>
internal sealed class FastestStrategy(Chance chance, double explore = FastestStrategy.Explore) : IStrategy
{
    private const int FewSamples = 3;
    /// <summary>Share of requests that look whether another one became faster.</summary>
    public const double Explore = 0.05;

    /// <inheritdoc />
    public string Name => RoutingStrategies.Fastest;

    /// <inheritdoc />
    public void Order(ModelSnapshot model, RequestFacts? facts, Span<Candidate> candidates)
    {
        var ranks = Ranking.Room(candidates.Length);
        var output = RequestGuess.OutputTokens(facts);
        for (var i = 0; i < candidates.Length; i++)
        {
            var traffic = candidates[i].Deployment.Traffic;
            // Many requests at once must not all be the ones that measure it.
            ranks[i] = traffic.Samples + traffic.InFlight < FewSamples ? -1 : traffic.FirstTokenUs + traffic.TokenUs * output;
        }
        Ranking.Sort(candidates, ranks);
        if (ranks[0] >= 0 && chance.Next() < explore) Ranking.Rotate(candidates, 1 + (uint)chance.Next(candidates.Length - 1));
    }
}
