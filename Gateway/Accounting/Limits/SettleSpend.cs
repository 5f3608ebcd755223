using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>Ends what a request holds with what it used. After the record is in the journal: whatever becomes of this process, both say the same.</summary>
internal sealed class SettleSpend(Ledger.Ledger ledger, SpendTerms terms, RequestQueue queue, GatewayMetrics metrics) : ISettle
{
    /// <inheritdoc />
    public ValueTask SettleAsync(Exchange exchange)
    {
        var spend = exchange.Spend ?? Spend.None;
        if (exchange is { Caller.Key: { HoldPolicy: HoldPolicies.Learned } key, Plan: { } plan, Refusal: null, Call.Lost: null } && !spend.IsEstimated && exchange.Operation.Kind == Ingress.OperationKind.Chat)
            terms.Learn(key.Id, plan.Model.Name, spend.Usage.Output);
        if (exchange.Reservation is not { } reservation) return ValueTask.CompletedTask;

        var settlement = new Settlement(
            spend.CostNanoUsd, spend.Usage.TotalInput + spend.Usage.Output, Undo: exchange is { Call: { AttemptCount: 0, InFlight: null, Lookup: null }, IsFromCache: false });
        if (reservation.Hold is { } exact && spend.CostNanoUsd > exact.CostNanoUsd && exchange.Caller!.Key.HoldPolicy == HoldPolicies.Exact && exact.HasBudget) metrics.HoldExceeded.Add(1);
        End(reservation.Hold, settlement);
        End(reservation.WideHold, settlement);
        // A deployment's quota is charged with what it used; those of other attempts have ended with theirs.
        var own = exchange.Call.Lost is { Usage: var lost } ? settlement with { Tokens = settlement.Tokens - lost.TotalInput - lost.Output } : settlement;
        // Whoever made the vector has a quota of its own.
        if (exchange.Call.Lookup is { Usage: var looked }) own = own with { Tokens = own.Tokens - looked.TotalInput - looked.Output };
        foreach (var quota in reservation.Quotas) End(quota, own);
        return ValueTask.CompletedTask;
    }

    private void End(Hold? hold, in Settlement settlement)
    {
        if (hold is null) return;
        ledger.Settle(hold, settlement);
        queue.Freed(hold.Meters);
    }
}
