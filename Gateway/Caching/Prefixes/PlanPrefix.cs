using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Caching.Prefixes;

/// <summary>May providers be asked to keep its beginning? Before anything is held, because writing to their caches costs more.</summary>
internal sealed class PlanPrefix(WarmPrefixes table, PrefixSeeds seeds, CacheMetrics metrics) : IDecide
{
    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var caller = exchange.Caller!;
        var policies = caller.Organisation.Caching;
        if (policies.HasNoPrefixes || exchange.Operation.Kind != OperationKind.Chat || exchange.Plan is null) return Decision.Continue;
        var facts = exchange.Request!;
        if (facts.CacheAsks.HasFlag(CacheAsks.NoPrefix)) return Decision.Continue;
        if (policies.PrefixFor(caller.Team.IdText, facts.KeyId ?? caller.Key.IdText, exchange.Plan.Model.Name) is not { } terms) return Decision.Continue;
        exchange.Prefix = new(terms, table, seeds, metrics.Prefixes, caller.Organisation.Id);
        facts.PrefixWish = terms.Hour ? CacheWish.Hour : CacheWish.Usual;
        return Decision.Continue;
    }
}
