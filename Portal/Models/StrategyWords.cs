using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Models;

/// <summary>Strategies in words.</summary>
internal static class StrategyWords
{
    /// <summary>All of them, as one chooses among them.</summary>
    public static IReadOnlyList<StrategyChoice> All { get; } =
    [
        new(RoutingStrategies.Priority, "The first in the list", "The others are tried in their order when it fails."),
        new(RoutingStrategies.Weighted, "By weight", "By chance, in proportion to the weights; weight 0 only when all others fail."),
        new(RoutingStrategies.RoundRobin, "Each in turn", "One request each, in the order of the list."),
        new(RoutingStrategies.LeastBusy, "The least busy", "The one with the fewest requests on their way, as each gateway counts its own."),
        new(RoutingStrategies.Cheapest, "The cheapest", "By the price of each request; one that cannot see images, call tools or hold the prompt is passed over when the request needs that."),
        new(RoutingStrategies.Fastest, "The fastest", "By the usual time to the first token and for each further one, as each gateway measures it; one request in twenty tries another."),
        new(RoutingStrategies.Ab, "A/B test", "Each user, or key where none is named, keeps the one that the weights gave it; x-gateway-route-reason names it."),
        new(RoutingStrategies.Quality, "The cheapest that is good enough", "By the table of quality: the cheapest whose lower bound at the request's task clears the bar; where none does, the best known."),
        new(RoutingStrategies.Cascade, "A cascade", "The first is asked first, so put the cheapest there; the next only when a gate finds the answer not good enough. All answers are paid for."),
    ];

    /// <summary>Those that a rule may choose: a cascade has steps and a gate of its own model.</summary>
    public static IReadOnlyList<StrategyChoice> ForRules { get; } = [.. All.Where(choice => choice.Name != RoutingStrategies.Cascade)];

    /// <summary>What a strategy does, in a sentence.</summary>
    public static string? Hint(string strategy) => All.FirstOrDefault(choice => choice.Name == strategy)?.Hint;

    /// <summary>A strategy in a word or two.</summary>
    public static string Of(string strategy) => All.FirstOrDefault(choice => choice.Name == strategy)?.Text ?? strategy;
}

/// <summary>A strategy to choose.</summary>
/// <param name="Name">As it is stored.</param>
/// <param name="Text">In a word or two.</param>
/// <param name="Hint">What it does.</param>
internal sealed record StrategyChoice(string Name, string Text, string Hint);
