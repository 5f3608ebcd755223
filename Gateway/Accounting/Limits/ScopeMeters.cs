using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>The meters of one scope, as long as no window ends and neither a raise nor a throttle expires.</summary>
internal sealed class ScopeMeters
{
    /// <summary>Nothing is limited, ever.</summary>
    public static readonly ScopeMeters None = new() { Meters = [], ValidFrom = DateTimeOffset.MinValue, ValidUntil = DateTimeOffset.MaxValue };

    /// <summary>Its meters.</summary>
    public required Meter[] Meters { get; init; }

    /// <summary>Most output tokens of one request; null = not limited.</summary>
    public ScopedLimit? OutputTokens { get; init; }

    /// <summary>From when these are its meters: a request that arrived just before a window began belongs to the one before.</summary>
    public required DateTimeOffset ValidFrom { get; init; }

    /// <summary>Until when.</summary>
    public required DateTimeOffset ValidUntil { get; init; }

    /// <summary>Whether there is a budget among them.</summary>
    public bool HasBudgets { get; private init; }

    /// <summary>Whether there is a limit of tokens among them.</summary>
    public bool HasTokens { get; private init; }

    /// <summary>The meters of a scope at a moment.</summary>
    public static ScopeMeters Of(SpendingIndex spending, Guid organisation, string kind, string? id, TimeZoneInfo zone, DateTimeOffset now)
    {
        var rules = spending.RulesOf(organisation, kind, id);
        if (rules.IsEmpty) return None;
        var meters = new List<Meter>(rules.Limits.Length + rules.Budgets.Length);
        ScopedLimit? output = null;
        var (from, until) = (DateTimeOffset.MinValue, DateTimeOffset.MaxValue);
        foreach (var limit in rules.Limits)
        {
            if (limit.Throttle is { Until: { } end })
            {
                if (end <= now)
                {
                    // A request that arrived before may still be on its way, and is another one's to answer.
                    if (end > from) from = end;
                    continue;
                }
                if (end < until) until = end;
            }
            if (limit.Row.Unit == LimitUnits.OutputTokens)
            {
                if (output is null || limit.Row.Amount < output.Row.Amount) output = limit;
            }
            else if (Meter.Of(limit, kind, id) is { } meter)
            {
                meters.Add(meter);
            }
        }
        foreach (var budget in rules.Budgets)
        {
            var effective = budget.Row.EffectiveFrom;
            if (effective > now)
            {
                if (effective < until) until = effective;
                continue;
            }
            var window = BudgetWindow.Of(budget.Row.Period, now, zone, budget.Row.CreatedAt);
            var (raised, raisedUntil) = spending.RaisedBy(budget.Row, id, now);
            meters.Add(Meter.Of(budget, kind, id, raised, window));
            if (window.Start > from) from = window.Start;
            // What arrived before is in the sum that the books give for this budget; held against it as well, it would count twice.
            if (effective > from) from = effective;
            if (window.End < until) until = window.End;
            if (raisedUntil < until) until = raisedUntil;
        }
        return new()
        {
            Meters = [.. meters], OutputTokens = output, ValidFrom = from, ValidUntil = until, HasBudgets = rules.Budgets.Length > 0,
            HasTokens = meters.Exists(meter => meter.Type == Shared.Ledger.LedgerFields.Tokens),
        };
    }
}
