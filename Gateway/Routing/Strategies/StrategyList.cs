using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.State;

namespace AspireGateway.Gateway.Routing.Strategies;

/// <summary>The strategies that a model may have. A new one is a class in this folder and a line here.</summary>
internal static class StrategyList
{
    private static readonly IStrategy[] All = 
    [
        new WeightedStrategy(new Chance()), new RoundRobinStrategy(), new LeastBusyStrategy(), new CheapestStrategy(), new FastestStrategy(new Chance()), new AbStrategy(),
        new Quality.QualityStrategy(),
        new Cascades.CascadeStrategy(),
    ];

    /// <summary>Orders candidates by a model's strategy, or by the one given; priority, or one that this build does not know, leaves them by position.</summary>
    public static void Order(ModelSnapshot model, RequestFacts? facts, Span<Candidate> candidates, string? instead = null)
    {
        if (candidates.Length < 2) return;
        foreach (var strategy in All)
        {
            if (strategy.Name != (instead ?? model.Strategy)) continue;
            strategy.Order(model, facts, candidates);
            return;
        }
    }
}
