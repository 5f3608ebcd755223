using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Ledger;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Budgets;

/// <summary>How a budget stands in its present window, for scripts.</summary>
public sealed record BudgetStatus
{
    /// <summary>The budget.</summary>
    public required Guid BudgetId { get; init; }

    /// <summary>Start of the window.</summary>
    public required DateTimeOffset WindowStart { get; init; }

    /// <summary>When it renews; null = never.</summary>
    public DateTimeOffset? WindowEnd { get; init; }

    /// <summary>The cap with its raises, in dollars.</summary>
    public required string CapUsd { get; init; }

    /// <summary>What is settled, in dollars; of a default budget by whoever spent most. Null = not known at the moment.</summary>
    public string? SettledUsd { get; init; }

    /// <summary>What running requests hold, in dollars. Null = not known at the moment.</summary>
    public string? HeldUsd { get; init; }

    /// <summary>What is left, in dollars. Null = not known at the moment.</summary>
    public string? AvailableUsd { get; init; }

    /// <summary>How many running requests hold it. Null = not known at the moment.</summary>
    public int? Running { get; init; }

    /// <summary>Where settled comes from: <c>ledger</c>, or <c>request_log</c>, which may lag by some seconds.</summary>
    public required string Source { get; init; }

    /// <summary>Of a standing.</summary>
    public static BudgetStatus Of(BudgetStanding s, LedgerState ledger) => new()
    {
        BudgetId = s.Budget.Id, WindowStart = s.Window.Start, WindowEnd = s.Budget.Period == BudgetPeriods.Total ? null : s.Window.End, CapUsd = UsdAmount.Text(s.CapNanoUsd),
        SettledUsd = UsdAmount.Text(s.SettledNanoUsd), HeldUsd = UsdAmount.Text(s.HeldNanoUsd), AvailableUsd = UsdAmount.Text(s.AvailableNanoUsd),
        Running = s.IsDefault ? ledger == LedgerState.Live ? s.Running.Count : null : s.Holds, Source = ledger == LedgerState.Live ? "ledger" : "request_log",
    };
}

/// <summary>Reads how one budget stands, for scripts.</summary>
public sealed class BudgetStatusQuery(BudgetsQuery budgets, BudgetStandingsQuery standings)
{
    /// <summary>Its status.</summary>
    public async Task<Result<BudgetStatus>> RunAsync(Security.Actor actor, Guid id, CancellationToken cancellationToken)
    {
        var budget = await budgets.OneAsync(actor, id, cancellationToken);
        if (budget.Failure is { } refusal) return refusal;
        var stands = await standings.RunAsync(actor, [budget.Value], cancellationToken);
        return BudgetStatus.Of(stands.Standings[0], stands.Ledger);
    }
}
