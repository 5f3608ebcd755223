using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Accounting;

/// <summary>
/// Tells the journal of the request before any provider is called, with an estimate of its cost: if this process dies on the way, the next one makes
/// a record of it. A request that cannot be booked is not served.
/// </summary>
internal sealed class OpenUsage(UsageJournal journal, OutputAverages averages, TokenEstimator estimator) : IDecide
{
    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        exchange.Estimator = estimator;
        // The ledger knows the same opening: whoever finds this process dead writes the same record.
        exchange.IsOpened = journal.TryOpen(exchange.Reservation?.Opening ?? OpeningOf.Request(exchange, estimator, averages));
        return exchange.IsOpened
            ? Decision.Continue
            : Decision.Refuse(Refusal.StoreUnavailable("The gateway's usage journal cannot take more records, so the request could not be booked. Try again shortly; an operator must free disk space or bring the database back."));
    }
}
