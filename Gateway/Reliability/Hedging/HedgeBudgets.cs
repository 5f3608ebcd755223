using System.Collections.Concurrent;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Gateway.Reliability.Hedging;

/// <summary>
/// Keeps hedges to a share of a model's requests, so that a provider that slows down for everybody does not get twice the traffic. By this gateway for itself; as many
/// entries as there are hedged models.
/// </summary>
internal sealed class HedgeBudgets
{
    /// <summary>Hedges that a model may save up, and begins with.</summary>
    public const int Reserve = 5;

    private readonly ConcurrentDictionary<(Guid Organisation, string Model), RetryBudget> purses = new();

    /// <summary>A request of the model goes out.</summary>
    public void Earn(Exchange exchange, HedgeSettings hedge) => Of(exchange).Earn(hedge.Percent / 100.0, Reserve);

    /// <summary>Takes a hedge; false = there is none to be had.</summary>
    public bool TrySpend(Exchange exchange) => Of(exchange).TrySpend(Reserve);

    private RetryBudget Of(Exchange exchange) =>
        purses.GetOrAdd((exchange.Caller!.Organisation.Id, exchange.Plan!.Model.Name), static _ => new RetryBudget());
}
