using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Gateway.Tests.Accounting.Ledger;

/// <summary>Rows, meters and holds in the shortest words.</summary>
internal static class LedgerScene
{
    public static readonly Guid Organisation = Guid.Parse("0197aaaa-0000-7000-8000-000000000001");
    public static readonly DateTimeOffset Start = new(2026, 3, 9, 10, 0, 0, TimeSpan.Zero);

    public static LimitRow Limit(string unit, long amount, string? period = LimitPeriods.Minute, long? burst = null, string kind = ScopeKinds.Key, string? id = "k") =>
        new(Guid.CreateVersion7(), Organisation, kind, id, unit, amount, unit is LimitUnits.Requests or LimitUnits.Tokens ? period : null, burst, LimitActions.Reject, null, null);

    public static BudgetRow Budget(
        long cap, string period = BudgetPeriods.Daily, string action = BudgetActions.Reject, string kind = ScopeKinds.Key, string? id = "k", DateTimeOffset? createdAt = null) =>
        new(Guid.CreateVersion7(), Organisation, kind, id, period, cap, action, null, [50, 80, 100], createdAt ?? Start.AddDays(-1));

    public static Meter MeterOf(LimitRow row, string? id = "k", bool isDefault = false) => Meter.Of(new ScopedLimit(row, isDefault), row.ScopeKind, id)!;

    public static Meter MeterOf(BudgetRow row, DateTimeOffset? at = null, long raised = 0, string? id = "k", bool isDefault = false) => Meter.Of(
        new ScopedBudget(row, isDefault), row.ScopeKind, id, raised, BudgetWindow.Of(row.Period, at ?? Start, TimeZoneInfo.Utc, row.CreatedAt));

    public static Hold HoldOf(LedgerTenant tenant, Meter[] meters, HoldTerms terms, byte[]? record = null) =>
        new(tenant, Guid.CreateVersion7(), meters, terms) { Record = record ?? [] };

    /// <summary>A clock that is moved by hand.</summary>
    public sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Start;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.Ticks;
    }
}
