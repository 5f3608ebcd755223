using System.Text;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Ledger.Gathering;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Integration.Tests.Ledger;

/// <summary>What each script does, one case at a time.</summary>
public sealed class LedgerScriptTests(StoresFixture stores) : IAsyncLifetime
{
    private LedgerBench bench = null!;

    public async ValueTask InitializeAsync() => bench = await LedgerBench.OpenAsync(stores.Redis.ConnectionString);

    public ValueTask DisposeAsync() => bench.DisposeAsync();

    [Fact]
    public async Task Refused_ByAnyMeter_ConsumesNothing()
    {
        var (budget, full, requests, tokens, running, used) =
            (Meters.Budget(1_000), Meters.Budget(10), Meters.Requests(100), Meters.Tokens(100_000), Meters.Concurrency(1), Meters.Approval());
        await GrantAsync(1, budget, requests, tokens, running, used);
        var before = await bench.HashAsync(bench.Tenant.MetersKey);
        var holds = await bench.HashAsync(bench.Tenant.HoldsKey);

        await RefuseAsync(running, Meters.Hold(bench, 1, budget, requests, tokens, running));
        await RefuseAsync(used, Meters.Hold(bench, 1, budget, requests, tokens, used));
        await RefuseAsync(full, Meters.Hold(bench, 11, budget, requests, tokens, full));
        await RefuseAsync(budget, Meters.Hold(bench, 1_000, budget, requests, tokens));

        Assert.Equal(before, await bench.HashAsync(bench.Tenant.MetersKey));
        Assert.Equal(holds, await bench.HashAsync(bench.Tenant.HoldsKey));
    }

    [Fact]
    public async Task RequestRatesAlone_LeaveNoHold_AndAreGivenBackWhenAsked()
    {
        var (wide, narrow) = (Meters.Requests(60, LimitPeriods.Hour, burst: 10), Meters.Requests(30, LimitPeriods.Hour, burst: 2));
        var first = Meters.Hold(bench, 0, wide, narrow);
        Assert.False(first.IsKept);
        Assert.Equal(ReserveKind.Granted, (await bench.ReserveAsync(first)).Answer.Kind);
        var before = await bench.HashAsync(bench.Tenant.MetersKey);
        var second = Meters.Hold(bench, 0, wide, narrow);
        Assert.Equal(ReserveKind.Granted, (await bench.ReserveAsync(second)).Answer.Kind);

        // The burst is used up: refused by it, and taken from neither.
        var full = await bench.HashAsync(bench.Tenant.MetersKey);
        Assert.Equal((ReserveKind.Refused, 1), (await bench.ReserveAsync(Meters.Hold(bench, 0, wide, narrow))).Answer is var answer ? (answer.Kind, answer.Meter) : default);
        Assert.Equal(full, await bench.HashAsync(bench.Tenant.MetersKey));
        Assert.Empty(await bench.HashAsync(bench.Tenant.HoldsKey));
        Assert.Empty(await bench.HashAsync(bench.Tenant.DetailsKey));

        await bench.Calls.GiveBackAsync(second);

        Assert.Equal(before, await bench.HashAsync(bench.Tenant.MetersKey));
        Assert.Equal(ReserveKind.Granted, (await bench.ReserveAsync(Meters.Hold(bench, 0, wide, narrow))).Answer.Kind);
    }

    [Fact]
    public async Task RequestRatesAlone_GoBesideHoldsOfTheSameRound()
    {
        var (budget, requests) = (Meters.Budget(1_000), Meters.Requests(1_000));
        var holds = Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? Meters.Hold(bench, 10, budget, requests) : Meters.Hold(bench, 0, requests)).ToArray();

        var answers = await Task.WhenAll(holds.Select(hold => bench.ReserveAsync(hold)));

        Assert.All(answers, answer => Assert.Equal(ReserveKind.Granted, answer.Answer.Kind));
        Assert.Equal((0, 100), await bench.BudgetAsync(budget));
        Assert.Equal(10, (await bench.HashAsync(bench.Tenant.HoldsKey)).Count);
    }

    [Fact]
    public async Task Refusal_ByABudget_TellsWhatIsSettledAndHeld()
    {
        var budget = Meters.Budget(1_000);
        var first = await GrantAsync(300, budget);
        await GrantAsync(500, budget);
        Assert.Equal([250], (await bench.SettleAsync(first.Id, 250)).Settled);

        var (_, answer) = await bench.ReserveAsync(Meters.Hold(bench, 251, budget));

        Assert.Equal((ReserveKind.Refused, 0, 250, 500), (answer.Kind, answer.Meter, answer.First, answer.Second));
    }

    [Fact]
    public async Task Output_IsCutToTheTightestBudget_OrRefusedBelowTheFewest()
    {
        var (wide, tight) = (Meters.Budget(10_000), Meters.Budget(1_000));
        var hold = Meters.Hold(bench, new HoldTerms(99, 10, 500, 50, 0, 0), wide, tight);

        var (_, answer) = await bench.ReserveAsync(hold);

        Assert.Equal((90, 90, 999), (answer.GrantedTokens, hold.GrantedTokens, hold.CostNanoUsd));
        Assert.Equal((0, 999), await bench.BudgetAsync(tight));
        Assert.Equal((0, 999), await bench.BudgetAsync(wide));
        await RefuseAsync(tight, Meters.Hold(bench, new HoldTerms(0, 1, 500, 2, 0, 0), wide, tight));
        Assert.Equal(1, (await bench.ReserveAsync(Meters.Hold(bench, new HoldTerms(0, 1, 500, 1, 0, 0), wide, tight))).Answer.GrantedTokens);
    }

    [Fact]
    public async Task SoftBudget_CountsAndNeverRefuses()
    {
        var soft = Meters.Budget(10, BudgetActions.Soft);

        await GrantAsync(1_000, soft);

        Assert.Equal((0, 1_000), await bench.BudgetAsync(soft));
    }

    [Fact]
    public async Task LargestBudget_IsExactToTheNano()
    {
        const long Cap = Budget.MaxCapNanoUsd;
        var budget = Meters.Budget(Cap);
        var most = await GrantAsync(Cap - 3, budget);
        for (var i = 0; i < 3; i++) await GrantAsync(1, budget);
        await RefuseAsync(budget, Meters.Hold(bench, 1, budget));
        Assert.Equal((0, Cap), await bench.BudgetAsync(budget));

        Assert.Equal([Cap - 4], (await bench.SettleAsync(most.Id, Cap - 4)).Settled);

        Assert.Equal((Cap - 4, 3), await bench.BudgetAsync(budget));
        var cut = Meters.Hold(bench, new HoldTerms(0, 1, long.MaxValue, 1, 0, 0), budget);
        Assert.Equal(1, (await bench.ReserveAsync(cut)).Answer.GrantedTokens);
        await RefuseAsync(budget, Meters.Hold(bench, 1, budget));
    }

    [Fact]
    public async Task EdgeOfDoubles_AddsAndTakesOneNanoAtATime()
    {
        var soft = Meters.Budget(0, BudgetActions.Soft);
        const long Edge = (1L << 53) - 50;
        await bench.SettleAsync((await GrantAsync(0, soft)).Id, Edge);

        for (var i = 1; i <= 50; i++) Assert.Equal([Edge + i], (await bench.SettleAsync((await GrantAsync(1, soft)).Id, 1)).Settled);

        Assert.Equal((1L << 53, 0), await bench.BudgetAsync(soft));
    }

    [Fact]
    public async Task HoldBeyondDoubles_IsTakenOffAsItWasPutOn()
    {
        var soft = Meters.Budget(0, BudgetActions.Soft);
        var huge = Meters.Hold(bench, new HoldTerms(1, long.MaxValue / 4, 7, 1, 0, 0), soft);
        Assert.Equal(ReserveKind.Granted, (await bench.ReserveAsync(huge)).Answer.Kind);

        Assert.Equal((0, huge.CostNanoUsd), await bench.BudgetAsync(soft));
        Assert.Equal([5], (await bench.SettleAsync(huge.Id, 5)).Settled);
        Assert.Equal((5, 0), await bench.BudgetAsync(soft));
    }

    [Fact]
    public async Task Settle_OfAnUnknownId_ChangesNothing()
    {
        var budget = Meters.Budget(1_000);
        await GrantAsync(10, budget);
        var before = await bench.HashAsync(bench.Tenant.MetersKey);

        var (outcome, settled) = await bench.SettleAsync(Guid.CreateVersion7(), 100, 100, undo: true);

        Assert.Equal(LedgerOutcome.Done, outcome);
        Assert.Empty(settled);
        Assert.Equal(before, await bench.HashAsync(bench.Tenant.MetersKey));
        Assert.Empty(await bench.HashAsync(bench.Tenant.SweptKey));
    }

    [Fact]
    public async Task Settle_Repeated_ChangesNothing()
    {
        var (budget, running, tokens) = (Meters.Budget(1_000), Meters.Concurrency(2), Meters.Tokens(1_000_000));
        await GrantAsync(10, budget, running, tokens);
        var hold = await GrantAsync(10, budget, running, tokens);
        await bench.SettleAsync(hold.Id, 7, 5);
        var before = await bench.HashAsync(bench.Tenant.MetersKey);

        Assert.Empty((await bench.SettleAsync(hold.Id, 7, 5)).Settled);
        Assert.Empty((await bench.SettleAsync(hold.Id, 9, 8, undo: true)).Settled);

        Assert.Equal(before, await bench.HashAsync(bench.Tenant.MetersKey));
    }

    [Fact]
    public async Task Hold_WithoutMeters_ComesAndGoes()
    {
        var hold = await GrantAsync(10);

        Assert.Equal(LedgerOutcome.Done, (await bench.SettleAsync(hold.Id, 1)).Outcome);

        Assert.Empty(await bench.HashAsync(bench.Tenant.HoldsKey));
    }

    [Theory]
    [InlineData(-2_000_000, true)]
    [InlineData(60_000_000, false)]
    public async Task Call_ThatIsLateOrWithoutDetails_IsRefusedAndTakesNothing(long deadlineUs, bool hasDetails)
    {
        var budget = Meters.Budget(1_000);
        var hold = Meters.Hold(bench, 1, budget);

        var batch = new ReserveBatch();
        Assert.True(batch.TryJoin(new ReserveWait(hold, bench.Epoch, since: 0)));
        using var details = bench.Calls.Redis.Rent();
        batch.WriteDetails(details);
        if (hasDetails) Assert.Equal(RedisOutcome.Ok, await bench.Calls.Redis.SendAsync(details));
        using var call = bench.Calls.Redis.Rent();
        batch.Write(call, bench.Instance, bench.Calls.Redis.NowOnServerMicroseconds() + deadlineUs);
        Assert.Equal(RedisOutcome.Ok, await bench.Calls.Redis.SendAsync(call));
        var answer = batch.Waits.Single().Task;
        batch.End(call.Reply);

        Assert.Equal(LedgerOutcome.NotDone, (await answer).Outcome);
        Assert.Equal((0, 0), await bench.BudgetAsync(budget));
        Assert.Empty(await bench.HashAsync(bench.Tenant.HoldsKey));
        Assert.Empty(await bench.HashAsync(bench.Tenant.DetailsKey));
    }

    [Fact]
    public async Task OtherEpoch_OrNone_IsNotOpen()
    {
        var budget = Meters.Budget(1_000);
        Assert.Equal(LedgerOutcome.NotOpen, (await bench.ReserveAsync(Meters.Hold(bench, 1, budget), Encoding.UTF8.GetBytes("other"))).Outcome);
        await using var closed = await LedgerBench.ConnectAsync(stores.Redis.ConnectionString);

        Assert.Equal(LedgerOutcome.NotOpen, (await closed.ReserveAsync(Meters.Hold(closed, 1, budget), bench.Epoch)).Outcome);
        Assert.Equal(LedgerOutcome.NotOpen, (await closed.SettleAsync(Guid.NewGuid(), 1)).Outcome);
        Assert.Empty(await closed.ExpireAsync([Guid.NewGuid()]));
        Assert.Equal([0L], await closed.SeedAsync(budget.Name, 5));
        Assert.Empty(await closed.HashAsync(closed.Tenant.MetersKey));
        Assert.Empty(await closed.HashAsync(closed.Tenant.DetailsKey));
        Assert.Empty(await bench.HashAsync(bench.Tenant.DetailsKey));
        Assert.Equal((0, 0), await bench.BudgetAsync(budget));
    }

    [Fact]
    public async Task Expire_OfALiveLease_DoesNothing()
    {
        var hold = await GrantAsync(10, Meters.Budget(1_000));
        await bench.BeatAsync();
        var before = await bench.HashAsync(bench.Tenant.MetersKey);

        Assert.Empty(await bench.ExpireAsync([hold.Id], isLast: true));

        Assert.Equal(before, await bench.HashAsync(bench.Tenant.MetersKey));
        Assert.Single(await bench.HashAsync(bench.Tenant.HoldsKey));
        Assert.NotNull(await bench.FieldAsync(bench.Tenant.InstancesKey, bench.Instance));
    }

    [Fact]
    public async Task Expire_OfADeadGateway_ChargesWhatWasHeldOnceAndKeepsTheRecord()
    {
        var (budget, running) = (Meters.Budget(1_000), Meters.Concurrency(1));
        var hold = new Hold(bench.Tenant, Guid.CreateVersion7(), [budget, running], new HoldTerms(100, 0, 0, 0, 0, 60)) { Record = [1, 0, 255], ArrivedAtUs = long.MaxValue };
        var bare = Meters.Hold(bench, new HoldTerms(100, 0, 0, 0, 0, 5), budget);
        await bench.ReserveAsync(hold);
        await bench.ReserveAsync(bare);
        await bench.BeatAsync(-1_000);
        var dead = Encoding.Latin1.GetString(bench.Instance);
        Assert.Equal(dead, (await bench.BeatAsync(instance: Guid.NewGuid().ToByteArray()))[^1]);

        Assert.Empty(await bench.ExpireAsync([hold.Id], instance: Guid.NewGuid().ToByteArray()));
        Assert.Equal([Encoding.Latin1.GetString(LedgerBench.IdOf(hold.Id)), Encoding.Latin1.GetString(LedgerBench.IdOf(bare.Id))], await bench.ExpireAsync([hold.Id, Guid.NewGuid(), bare.Id]));
        Assert.Empty(await bench.ExpireAsync([hold.Id, bare.Id], isLast: true));

        Assert.Equal((200, 0), await bench.BudgetAsync(budget));
        Assert.Equal(0, await bench.ValueAsync(running));
        Assert.Null(await bench.FieldAsync(bench.Tenant.InstancesKey, bench.Instance));
        var swept = (await bench.FieldAsync(bench.Tenant.SweptKey, LedgerBench.IdOf(hold.Id)))!;
        Assert.Equal(new byte[] { 1, 0, 255 }, HoldCodec.RecordOf(swept.AsSpan(24 + LedgerHold.Bytes)).ToArray());
    }

    [Fact]
    public async Task Settle_AfterTheSweep_ReplacesTheCharge()
    {
        var (budget, running) = (Meters.Budget(1_000), Meters.Concurrency(5));
        var hold = Meters.Hold(bench, new HoldTerms(100, 0, 0, 0, 0, 60), budget, running);
        await bench.ReserveAsync(hold);
        await GrantAsync(1, running);
        await bench.BeatAsync(-1_000);
        await bench.ExpireAsync([hold.Id]);

        Assert.Equal([85], (await bench.SettleAsync(hold.Id, 85)).Settled);
        Assert.Empty((await bench.SettleAsync(hold.Id, 85)).Settled);
        Assert.Equal([20], (await bench.SettleAsync(hold.Id, 20)).Settled);

        Assert.Equal((20, 0), await bench.BudgetAsync(budget));
        Assert.Equal(1, await bench.ValueAsync(running));
    }

    [Fact]
    public async Task Approval_ForOneUse_IsUsedOnce_UnlessNothingWasSpent()
    {
        var approval = Meters.Approval();
        var first = await GrantAsync(10, approval);
        await RefuseAsync(approval, Meters.Hold(bench, 1, approval));
        await bench.SettleAsync(first.Id, 0, undo: true);

        var second = await GrantAsync(10, approval);
        await bench.SettleAsync(second.Id, 9);

        await RefuseAsync(approval, Meters.Hold(bench, 1, approval));
        // Late repetition of what came to nothing must not hand it out once more.
        await bench.SettleAsync(first.Id, 0, undo: true);
        await RefuseAsync(approval, Meters.Hold(bench, 1, approval));
    }

    [Fact]
    public async Task Approval_SweptAsFree_IsUsedOnceTheTruthSaysSo()
    {
        var approval = Meters.Approval();
        var hold = Meters.Hold(bench, new HoldTerms(10, 0, 0, 0, 0, 0), approval);
        await bench.ReserveAsync(hold);
        await bench.BeatAsync(-1_000);
        await bench.ExpireAsync([hold.Id]);

        await bench.SettleAsync(hold.Id, 8);

        await RefuseAsync(approval, Meters.Hold(bench, 1, approval));
    }

    [Fact]
    public async Task Seed_OfTheSameBudgetAgain_ReplacesByTheDifference()
    {
        var budget = Meters.Budget(1_000);
        var hold = await GrantAsync(5, budget);
        foreach (var (booked, changed) in new[] { (100L, 1L), (100, 0), (130, 1), (90, 1), (0, 1) })
        {
            Assert.Equal([changed], await bench.SeedAsync(budget.Name, booked));
            Assert.Equal((booked, 5), await bench.BudgetAsync(budget));
        }
        await bench.SeedAsync(budget.Name, 40);
        Assert.Equal([43], (await bench.SettleAsync(hold.Id, 3)).Settled);
    }

    [Fact]
    public async Task Tidy_RemovesWhatIsAtRest_AndWhatWasRememberedOfIt()
    {
        var (over, held, busy, idle, requests) = (Meters.Budget(100), Meters.Budget(100), Meters.Concurrency(2), Meters.Concurrency(2), Meters.Requests(1, LimitPeriods.Day));
        await bench.SeedAsync(over.Name, 7);
        await bench.SeedAsync(held.Name, 7);
        await GrantAsync(1, held, busy, requests);
        await bench.SettleAsync((await GrantAsync(1, idle)).Id, 0);

        Assert.Equal([2L], await bench.TidyAsync(over.Name, held.Name, busy.Name, idle.Name, requests.Name, "e", LedgerFields.OfSeed(held.Name)));

        var left = (await bench.HashAsync(bench.Tenant.MetersKey)).Keys.Select(field => Encoding.UTF8.GetString(Convert.FromHexString(field)));
        // Neither the epoch nor how often the books were rewritten is a meter.
        Assert.Equal(new[] { "e", "g", held.Name, LedgerFields.OfSeed(held.Name), busy.Name, requests.Name }.Order(), left.Order());
    }

    private async Task<Hold> GrantAsync(long cost, params Meter[] meters)
    {
        var hold = Meters.Hold(bench, cost, meters);
        var (outcome, answer) = await bench.ReserveAsync(hold);
        Assert.Equal((LedgerOutcome.Done, ReserveKind.Granted), (outcome, answer.Kind));
        return hold;
    }

    private async Task RefuseAsync(Meter by, Hold hold)
    {
        var (outcome, answer) = await bench.ReserveAsync(hold);
        Assert.Equal((LedgerOutcome.Done, ReserveKind.Refused), (outcome, answer.Kind));
        Assert.Same(by, hold.Meters[answer.Meter]);
    }
}
