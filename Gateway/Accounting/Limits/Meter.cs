using System.Text;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>One counter that a request is held against: a limit or a budget on one scope, in one window. Immutable, shared by all requests of the scope.</summary>
internal sealed class Meter
{
    private Meter(string field, string kind, string? id)
    {
        Field = Encoding.UTF8.GetBytes(field);
        Name = field;
        NameHash = field.GetHashCode(StringComparison.Ordinal);
        ScopeKind = kind;
        ScopeId = id;
        Type = field[0];
    }

    /// <summary>What it counts; of <see cref="LedgerFields"/>.</summary>
    public char Type { get; }

    /// <summary>Whether it counts by the clock.</summary>
    public bool IsRate => Type is LedgerFields.Requests or LedgerFields.Tokens;

    /// <summary>Its field in the ledger, in UTF-8.</summary>
    public byte[] Field { get; }

    /// <summary>The same as text.</summary>
    public string Name { get; }

    /// <summary>A hash of the name, for tables that many requests a second look into.</summary>
    public int NameHash { get; }

    /// <summary>Kind of its scope.</summary>
    public string ScopeKind { get; }

    /// <summary>Its scope; null where there is one only.</summary>
    public string? ScopeId { get; }

    /// <summary>The limit; null for a budget or an approval.</summary>
    public ScopedLimit? Limit { get; private init; }

    /// <summary>The budget; null for a limit or an approval.</summary>
    public ScopedBudget? Budget { get; private init; }

    /// <summary>For a budget: its cap with raises in nano-USD, or -1 where it refuses nothing. For a rate: microseconds per unit. For concurrency: most at once.</summary>
    public double First { get; private init; }

    /// <summary>For a rate: how many microseconds ahead of time it may run (the burst).</summary>
    public double Second { get; private init; }

    /// <summary>For a budget: its cap with raises, in nano-USD, also where it refuses nothing.</summary>
    public long CapNanoUsd { get; private init; }

    /// <summary>For a budget: its window.</summary>
    public BudgetWindow Window { get; private init; }

    /// <summary>For a budget: what was last heard of its settled sum, in nano-USD; -1 = nothing yet. What a gateway goes on from when the ledger is away.</summary>
    public long LastSettledNanoUsd { get; set; } = -1;

    /// <summary>For a budget: thresholds that this process has announced already, by their place.</summary>
    public int Announced { get; set; }

    /// <summary>The burst of a rate: as set, else a tenth of the amount, at least 1.</summary>
    public static long BurstOf(LimitRow limit) => limit.Burst ?? Math.Max(1, limit.Amount / 10);

    /// <summary>The meter of a limit; null for units that are no counters.</summary>
    public static Meter? Of(ScopedLimit limit, string kind, string? id)
    {
        var row = limit.Row;
        var scope = LedgerFields.ScopeOf(kind, id, limit.IsDefault);
        if (row.Unit == LimitUnits.Concurrency)
            return new(LedgerFields.OfLimit(LedgerFields.Concurrency, row.Id, scope), kind, id) { Limit = limit, First = row.Amount };
        var period = LimitPeriods.MicrosecondsOf(row.Period);
        if (period == 0 || row.Unit is not (LimitUnits.Requests or LimitUnits.Tokens)) return null;
        var type = row.Unit == LimitUnits.Requests ? LedgerFields.Requests : LedgerFields.Tokens;
        // Several rates of one scope share the tier's or limit's id only if their periods differ; a tier has one of each unit.
        var each = (double)period / row.Amount;
        return new(LedgerFields.OfLimit(type, row.Id, scope), kind, id) { Limit = limit, First = each, Second = each * BurstOf(row) };
    }

    /// <summary>The meter of a budget in the window of a moment.</summary>
    public static Meter Of(ScopedBudget budget, string kind, string? id, long raisedNanoUsd, BudgetWindow window)
    {
        var row = budget.Row;
        var cap = Math.Min(row.CapNanoUsd + raisedNanoUsd, Shared.Domain.Limits.Budget.MaxCapNanoUsd);
        return new(LedgerFields.OfBudget(row.Id, LedgerFields.ScopeOf(kind, id, budget.IsDefault), window.Start), kind, id)
        {
            Budget = budget, First = row.OnExceeded == BudgetActions.Soft ? -1 : cap, CapNanoUsd = cap, Window = window,
        };
    }

    /// <summary>The same budget without its power to refuse, for a request that it has sent to a cheaper model.</summary>
    public Meter AsSoft() => new(Name, ScopeKind, ScopeId) { Budget = Budget, First = -1, CapNanoUsd = CapNanoUsd, Window = Window };

    /// <summary>The meter of an approval that may be used once.</summary>
    public static Meter Of(ApprovalRow approval) => new($"{LedgerFields.Approval}:{approval.Id:N}:", ScopeKey.Approval, approval.Id.ToString());
}
