using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;
using static AspireGateway.Gateway.Tests.Accounting.Ledger.LedgerScene;

namespace AspireGateway.Gateway.Tests.Accounting.Ledger;

public sealed class LocalLedgerTests
{
    // More than are kept without a look.
    private const int Many = 25_000;

    private readonly Clock clock = new();
    private readonly LedgerTenant tenant;

    public LocalLedgerTests() => tenant = new LedgerTenant(Organisation, clock);

    private LocalLedger Ledger => tenant.Local;

    [Fact]
    public void TotalBudget_OlderThanAMonth_IsNotForgottenHoweverManyCountersThereAre()
    {
        var budget = Budget(1_000, BudgetPeriods.Total, createdAt: Start.AddDays(-100));
        Spend(MeterOf(budget), 900);

        MakeMany();

        Assert.Equal((900, 0), Ledger.Read(MeterOf(budget)));
        Assert.Equal(ReserveKind.Refused, Ledger.Reserve(HoldOf(tenant, [MeterOf(budget)], new HoldTerms(101, 0, 0, 0, 0, 0))).Kind);
    }

    [Fact]
    public void TotalBudget_SeededFromTheBooksOnly_IsNotForgotten()
    {
        var budget = MeterOf(Budget(1_000, BudgetPeriods.Total, createdAt: Start.AddDays(-100)));
        Ledger.Seed(budget.Name, LedgerFields.OfSeed(budget.Name), 900);

        MakeMany();

        Assert.Equal((900, 0), Ledger.Read(budget));
    }

    [Fact]
    public void Counters_AtRest_AreForgotten()
    {
        for (var day = 0; day < 30; day++)
        {
            MakeMany();
            clock.Now = clock.Now.AddDays(1);
        }

        Assert.InRange(Ledger.Count, 1, 4 * Many);
    }

    [Fact]
    public void WindowLongOver_IsForgotten_UnlessSomethingIsHeld()
    {
        var (over, held) = (MeterOf(Budget(1_000)), MeterOf(Budget(1_000)));
        Spend(over, 900);
        Assert.Equal(ReserveKind.Granted, Ledger.Reserve(HoldOf(tenant, [held], new HoldTerms(7, 0, 0, 0, 0, 0))).Kind);
        clock.Now = Start.AddDays(60);

        MakeMany();

        Assert.Equal((0, 0), Ledger.Read(Fresh(over)));
        Assert.Equal((0, 7), Ledger.Read(held));
    }

    [Fact]
    public void Seed_OfTheSameBudgetAgain_ReplacesByTheDifference()
    {
        var budget = MeterOf(Budget(1_000));
        Spend(budget, 5);
        foreach (var (booked, settled) in new[] { (100L, 105), (100, 105), (130, 135), (90, 95), (0, 5) })
        {
            Ledger.Seed(budget.Name, LedgerFields.OfSeed(budget.Name), booked);
            Assert.Equal((settled, 0), Ledger.Read(budget));
        }
    }

    [Fact]
    public void NewBudget_OnAGatewayThatHeardOfItBefore_GoesOnFromThere()
    {
        var budget = MeterOf(Budget(1_000));
        budget.LastSettledNanoUsd = 950;

        Assert.Equal((950, 0), Ledger.Read(budget));
        var answer = Ledger.Reserve(HoldOf(tenant, [budget], new HoldTerms(0, 1, 100, 10, 0, 0)));

        Assert.Equal((ReserveKind.Granted, 50), (answer.Kind, answer.GrantedTokens));
        Assert.Equal((950, 50), Ledger.Read(budget));
    }

    // The same meter as another object that has heard nothing, as after a change of configuration.
    private static Meter Fresh(Meter meter) => meter.AsSoft();

    private void Spend(Meter meter, long cost)
    {
        var hold = HoldOf(tenant, [meter], new HoldTerms(cost, 0, 0, 0, 0, 0));
        Assert.Equal(ReserveKind.Granted, Ledger.Reserve(hold).Kind);
        Ledger.Settle(hold, new Settlement(cost, 0, Undo: false));
    }

    // One request of each of many users under a default limit and budget.
    private void MakeMany()
    {
        var (rate, count, budget) = (Limit(LimitUnits.Requests, 10, id: null), Limit(LimitUnits.Concurrency, 10, id: null), Budget(10, id: null));
        for (var i = 0; i < Many / 3; i++)
        {
            var user = i.ToString();
            var hold = HoldOf(tenant, [MeterOf(rate, user, true), MeterOf(count, user, true), MeterOf(budget, clock.Now, id: user, isDefault: true)], new HoldTerms(1, 0, 0, 0, 0, 0));
            Assert.Equal(ReserveKind.Granted, Ledger.Reserve(hold).Kind);
            Ledger.Settle(hold, new Settlement(1, 0, Undo: false));
        }
    }
}
