using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Ledger;

/// <summary>Meters and holds in the shortest words.</summary>
internal static class Meters
{
    private static readonly DateTimeOffset Day = new(2026, 3, 9, 0, 0, 0, TimeSpan.Zero);

    public static Meter Budget(long cap, string action = BudgetActions.Reject, DateTimeOffset? day = null, Guid? id = null) => Meter.Of(
        new ScopedBudget(
            new BudgetRow(id ?? Guid.CreateVersion7(), Guid.Empty, ScopeKinds.Key, "k", BudgetPeriods.Daily, cap, action, null, [], DateTimeOffset.UnixEpoch), IsDefault: false),
        ScopeKinds.Key, "k", 0, new BudgetWindow(day ?? Day, (day ?? Day).AddDays(1)));

    public static Meter Requests(long amount, string period = LimitPeriods.Minute, long? burst = null) => Limit(LimitUnits.Requests, amount, period, burst);

    public static Meter Tokens(long amount, string period = LimitPeriods.Minute, long? burst = null) => Limit(LimitUnits.Tokens, amount, period, burst);

    public static Meter Concurrency(long amount) => Limit(LimitUnits.Concurrency, amount, null, null);

    public static Meter Approval() => Meter.Of(new ApprovalRow(Guid.CreateVersion7(), Guid.Empty, Guid.NewGuid(), "fast", Once: true, 1, DateTimeOffset.MaxValue));

    public static Hold Hold(LedgerBench bench, long cost, params Meter[] meters) => Hold(bench, new HoldTerms(cost, 0, 0, 0, 0, cost), meters);

    public static Hold Hold(LedgerBench bench, HoldTerms terms, params Meter[] meters) => Hold(bench, terms, [], meters);

    public static Hold Hold(LedgerBench bench, HoldTerms terms, byte[] record, params Meter[] meters) =>
        new(bench.Tenant, Guid.CreateVersion7(), meters, terms) { Record = record, ArrivedAtUs = long.MaxValue };

    private static Meter Limit(string unit, long amount, string? period, long? burst) => Meter.Of(
        new ScopedLimit(new LimitRow(Guid.CreateVersion7(), Guid.Empty, ScopeKinds.Key, "k", unit, amount, period, burst, LimitActions.Reject, null, null), IsDefault: false),
        ScopeKinds.Key, "k")!;
}
