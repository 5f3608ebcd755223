using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Routing.Strategies;

namespace AspireGateway.Gateway.Caching.Prefixes;

/// <summary>
/// Who holds its beginning warm? Of deployments that its strategy has no reason to tell apart that one is asked first, with the credential that it was sent with. Behind
/// guardrails, which may have changed the prompt, and the cache of replies, whose answers need none.
/// </summary>
internal sealed class PreferWarm : IDecide
{
    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        if (exchange.Prefix is not { } prefix) return Decision.Continue;
        var plan = exchange.Plan!;
        var dialect = exchange.Operation.Dialect;
        var places = PromptScan.Places(exchange.Request!.Body.Span, PromptLayout.Of(dialect), prefix.CallerSeed(plan.Model.Name, dialect));
        // What is too short for every provider is nobody's to hold.
        if (places.Count == 0 || TokenEstimate.FromBytes(places[^1].Bytes) < prefix.Terms.MinTokens) return Decision.Continue;
        prefix.Places = places;
        for (var i = places.Count - 1; i >= 0 && prefix.Warm is null; i--)
            if (prefix.Table.TryFind(places[i].Hash, prefix.Terms.TtlSeconds, out var warmth)) prefix.Warm = warmth;
        var counts = prefix.Counts;
        if (prefix.Warm is not { } warm) counts.New.Add(1);
        else (WarmOrder.Prefer(plan, exchange.Request, warm.DeploymentId) ? counts.Kept : counts.Moved).Add(1);
        return Decision.Continue;
    }
}
