using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;
using static AspireGateway.Gateway.Tests.Accounting.Ledger.LedgerScene;

namespace AspireGateway.Gateway.Tests.Accounting.Limits;

public sealed class ScopeMetersTests
{
    [Theory]
    [InlineData(1, null, 1)]
    [InlineData(9, null, 1)]
    [InlineData(10, null, 1)]
    [InlineData(60, null, 6)]
    [InlineData(69, null, 6)]
    [InlineData(60, 60L, 60)]
    [InlineData(60, 1L, 1)]
    public void Burst_IsAsSetElseATenthAndAtLeastOne(long amount, long? burst, long expected)
    {
        var row = Limit(LimitUnits.Requests, amount, LimitPeriods.Minute, burst);
        var meter = MeterOf(row);

        Assert.Equal(expected, Meter.BurstOf(row));
        Assert.Equal((60e6 / amount, 60e6 / amount * expected), (meter.First, meter.Second));
    }

    [Theory]
    [InlineData(LimitPeriods.Second, 1e6)]
    [InlineData(LimitPeriods.Minute, 60e6)]
    [InlineData(LimitPeriods.Hour, 3600e6)]
    [InlineData(LimitPeriods.Day, 86400e6)]
    public void Rate_OfAnyPeriod_IsMicrosecondsAUnit(string period, double microseconds)
    {
        var meter = MeterOf(Limit(LimitUnits.Tokens, 8, period));

        Assert.Equal((LedgerFields.Tokens, microseconds / 8), (meter.Type, meter.First));
    }

    [Fact]
    public void Fields_OfADefault_DifferByScope_AndOfAnOwnLimitDoNotNameIt()
    {
        var row = Limit(LimitUnits.Requests, 10, id: null);

        Assert.Equal($"r:{row.Id:N}:key=a", MeterOf(row, "a", isDefault: true).Name);
        Assert.Equal($"r:{row.Id:N}:", MeterOf(row with { ScopeId = "a" }, "a").Name);
        var budget = Budget(10, id: null);
        var start = new DateTimeOffset(Start.Date, TimeSpan.Zero).ToUnixTimeSeconds();
        Assert.Equal($"b:{budget.Id:N}:{start}:key=a", MeterOf(budget, id: "a", isDefault: true).Name);
        Assert.True(LedgerFields.TryReadBudget(MeterOf(budget, id: "a:b", isDefault: true).Field, out var id, out var window, out var scope));
        Assert.Equal((budget.Id, start, "key=a:b"), (id, window.ToUnixTimeSeconds(), scope));
    }

    [Fact]
    public void Raise_AddsToTheCap_UntilItExpires()
    {
        var budget = Budget(1_000);
        var index = Index(budget, Raise(budget, 500, Start.AddMinutes(10)), Raise(budget, 70, Start.AddMinutes(5)), Raise(budget, 9, Start), Raise(budget, 4_000, Start.AddDays(1), "another"));

        var now = Of(index, Start);
        var later = Of(index, Start.AddMinutes(5));
        var last = Of(index, Start.AddMinutes(10));

        Assert.Equal((1_570, Start.AddMinutes(5)), (now.Meters[0].CapNanoUsd, now.ValidUntil));
        Assert.Equal((1_500, Start.AddMinutes(10)), (later.Meters[0].CapNanoUsd, later.ValidUntil));
        Assert.Equal((1_000, new DateTimeOffset(2026, 3, 10, 0, 0, 0, TimeSpan.Zero)), (last.Meters[0].CapNanoUsd, last.ValidUntil));
    }

    [Fact]
    public void Raises_BeyondTheLargestCap_StopThereAndDoNotTurnIntoNone()
    {
        var budget = Budget(Shared.Domain.Limits.Budget.MaxCapNanoUsd);
        var index = Index(budget, Raise(budget, long.MaxValue, Start.AddDays(1)), Raise(budget, long.MaxValue, Start.AddDays(1)));

        var meter = Of(index, Start).Meters[0];

        Assert.Equal(((double)Shared.Domain.Limits.Budget.MaxCapNanoUsd, Shared.Domain.Limits.Budget.MaxCapNanoUsd), (meter.First, meter.CapNanoUsd));
    }

    [Fact]
    public void SoftBudget_RefusesNothing_ButKnowsItsCap()
    {
        var meter = MeterOf(Budget(1_000, action: BudgetActions.Soft), raised: 5);

        Assert.Equal((-1, 1_005), (meter.First, meter.CapNanoUsd));
        var soft = MeterOf(Budget(1_000)).AsSoft();
        Assert.Equal((-1, 1_000), (soft.First, soft.CapNanoUsd));
    }

    [Fact]
    public void NewBudget_CountsAfterItsGrace_ForRequestsThatArrivedSince()
    {
        var budget = Budget(1_000, createdAt: Start);
        var effective = Start.AddSeconds(1);
        var index = Index(budget);

        var before = Of(index, effective.AddTicks(-1));
        var after = Of(index, effective);

        Assert.Empty(before.Meters);
        Assert.True(before.HasBudgets);
        Assert.Equal(effective, before.ValidUntil);
        Assert.Single(after.Meters);
        // A request from before, looked up afterwards, is counted by the books and must not be held against it as well.
        Assert.Equal(effective, after.ValidFrom);
    }

    [Fact]
    public void Catalog_AskedForTheMomentBefore_DoesNotAnswerWithTheNewBudget()
    {
        var index = Index(Budget(1_000, createdAt: Start));
        var catalog = new MeterCatalog();

        Assert.Single(catalog.Of(index, null, ScopeKinds.Key, "k", Start.AddSeconds(2)).Meters);
        Assert.Empty(catalog.Of(index, null, ScopeKinds.Key, "k", Start.AddSeconds(1).AddTicks(-1)).Meters);
        Assert.Single(catalog.Of(index, null, ScopeKinds.Key, "k", Start.AddSeconds(1)).Meters);
    }

    [Fact]
    public void Catalog_AroundMidnight_GivesEachRequestTheWindowItArrivedIn()
    {
        var index = Index(Budget(1_000));
        var catalog = new MeterCatalog();
        var midnight = new DateTimeOffset(2026, 3, 10, 0, 0, 0, TimeSpan.Zero);

        var old = catalog.Of(index, null, ScopeKinds.Key, "k", midnight.AddTicks(-1));
        var young = catalog.Of(index, null, ScopeKinds.Key, "k", midnight);

        Assert.Equal((midnight, midnight), (old.Meters[0].Window.End, young.Meters[0].Window.Start));
        Assert.Equal(midnight, catalog.Of(index, null, ScopeKinds.Key, "k", midnight.AddTicks(-1)).Meters[0].Window.End);
        Assert.Same(young, catalog.Of(index, null, ScopeKinds.Key, "k", midnight.AddHours(5)));
        Assert.NotSame(young, catalog.Of(index.Renewed(), null, ScopeKinds.Key, "k", midnight));
    }

    [Fact]
    public void OutputTokens_OfSeveralLimits_TheSmallestHolds_AndIsNoMeter()
    {
        var large = Limit(LimitUnits.OutputTokens, 900);
        var small = Limit(LimitUnits.OutputTokens, 100);

        var meters = Of(Index(large, small), Start);

        Assert.Equal(small.Id, meters.OutputTokens!.Row.Id);
        Assert.Empty(meters.Meters);
        Assert.False(meters.HasBudgets);
    }

    [Fact]
    public void ScopeWithoutRules_HasNoMeters_Ever()
    {
        Assert.Same(ScopeMeters.None, Of(SpendingIndex.Empty, Start));
        var meters = Of(Index(Limit(LimitUnits.Tokens, 5), Limit(LimitUnits.Concurrency, 2)), Start);
        Assert.Equal((DateTimeOffset.MinValue, DateTimeOffset.MaxValue, true), (meters.ValidFrom, meters.ValidUntil, meters.HasTokens));
        Assert.Equal([LedgerFields.Tokens, LedgerFields.Concurrency], meters.Meters.Select(meter => meter.Type));
    }

    // The scene's organisation, of which the catalog need not know more; all zeros there.
    private static SpendingIndex Index(params SpendingRow[] rows) => SpendingIndex.Of(rows.Select(row => row with { OrganisationId = Guid.Empty }));

    private static ScopeMeters Of(SpendingIndex index, DateTimeOffset at) => ScopeMeters.Of(index, Guid.Empty, ScopeKinds.Key, "k", TimeZoneInfo.Utc, at);

    private static RaiseRow Raise(BudgetRow budget, long amount, DateTimeOffset until, string? scope = null) =>
        new(Guid.CreateVersion7(), Organisation, budget.Id, scope, amount, until);
}
