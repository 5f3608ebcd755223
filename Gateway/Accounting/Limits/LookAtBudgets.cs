using AspireGateway.Gateway.Accounting.Estimating;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>
/// Would a budget refuse it? For questions only: looks at what is left and holds nothing. Rates are not looked at, since what is left of them changes by the second; nor is a
/// budget that would send the request to a cheaper model. Where the ledger cannot be asked nothing is said.
/// </summary>
internal sealed class LookAtBudgets(SpendAttempts attempts, LedgerReader reader) : IDecide
{
    /// <inheritdoc />
    public ValueTask<Decision> DecideAsync(Exchange exchange)
    {
        var limited = exchange.Snapshot!.Spending.Limited;
        if (limited.Count == 0 || (!limited.Contains(exchange.Caller!.Organisation.Id) && !limited.Contains(Guid.Empty))) return Decision.Continue;
        // One that has no room for all answers that it may have to pay runs with one.
        if (LegBounds.CountOf(exchange) > 1) exchange.NoteLegs().Covered = 1;
        if (attempts.Make(exchange, [], cutTo: null, out var attempt) is { } refusal) return Decision.Refuse(refusal);
        return attempt is null ? Decision.Continue : DecideAsync(exchange, attempt);
    }

    private async ValueTask<Decision> DecideAsync(Exchange exchange, SpendAttempt attempt)
    {
        // Nothing is reserved, so the reply has nothing to tell of it.
        exchange.Reservation = null;
        var refusal = await RefuseAsync(exchange, exchange.Caller!.Organisation.Id, attempt.Inside, attempt.Terms)
            ?? await RefuseAsync(exchange, Guid.Empty, attempt.Across, attempt.Terms);
        return refusal is null ? Decision.Continue : refusal;
    }

    private async ValueTask<Refusal?> RefuseAsync(Exchange exchange, Guid organisation, Meter[] meters, HoldTerms terms)
    {
        if (exchange.Plan!.Model.Reliability?.Fallbacks is { } legs && legs.Any(leg => leg.Budget)) return null;
        var budgets = Array.FindAll(meters, meter => meter is { Budget.Row.OnExceeded: not BudgetActions.Downgrade, First: >= 0 });
        if (await reader.ReadAsync(organisation, budgets) is not { } readings) return null;
        var needed = terms.CostWith(terms.FewestOutputTokens);
        for (var i = 0; i < budgets.Length; i++)
        {
            var (settled, held) = readings[i];
            if (settled + held + needed > budgets[i].First) return LimitRefusals.Of(exchange.Caller!, budgets[i], new() { First = (long)settled, Second = (long)held }, terms);
        }
        return null;
    }
}
