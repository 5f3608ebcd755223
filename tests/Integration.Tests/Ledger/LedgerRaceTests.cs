using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Ledger;

/// <summary>Many clients at once, and rates in real time.</summary>
public sealed class LedgerRaceTests(StoresFixture stores)
{
    private const int Clients = 32;
    private const int Reserves = 2_000;

    [Fact]
    public async Task OneBudget_UnderManyClients_IsNeverOverspentAndUsedToTheNano()
    {
        await using var bench = await LedgerBench.OpenAsync(stores.Redis.ConnectionString);
        const long Cap = 1_000_000_000;
        var budget = Meters.Budget(Cap);

        var granted = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            var (random, sum) = (new Random(client), 0L);
            for (var i = 0; i < Reserves; i++)
            {
                // Output tokens of a nano each: the last grants take what is left, to the nano.
                var hold = Meters.Hold(bench, new HoldTerms(random.Next(20_000), 1, random.Next(40_000), 0, 0, 0), budget);
                var (outcome, answer) = await bench.ReserveAsync(hold);
                Assert.Equal(LedgerOutcome.Done, outcome);
                if (answer.Kind != ReserveKind.Granted)
                {
                    Assert.True(answer.First + answer.Second <= Cap);
                    continue;
                }
                sum += hold.CostNanoUsd;
                if (i % 2 != 0) continue;
                var spent = hold.CostNanoUsd - random.NextInt64(hold.CostNanoUsd / 4 + 1);
                Assert.InRange(await bench.SettleGatheredAsync(hold, spent), spent, Cap);
                sum -= hold.CostNanoUsd - spent;
            }
            return sum;
        })));

        var (all, held) = await bench.BudgetAsync(budget);
        Assert.Equal(granted.Sum(), all + held);
        Assert.InRange(all + held, Cap * 99 / 100, Cap);
    }

    [Fact]
    public async Task Concurrency_UnderManyClients_IsNeverExceededAndComesBackToZero()
    {
        await using var bench = await LedgerBench.OpenAsync(stores.Redis.ConnectionString);
        const int Limit = 7;
        var (running, budget) = (Meters.Concurrency(Limit), Meters.Budget(1_000_000_000));
        var (now, most, refused, passed) = (0, 0, 0, 0);

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            for (var i = 0; i < Reserves; i++)
            {
                var hold = Meters.Hold(bench, 10, running, budget);
                var (_, answer) = await bench.ReserveAsync(hold);
                if (answer.Kind != ReserveKind.Granted)
                {
                    Assert.Equal((0, Limit), (answer.Meter, answer.Second));
                    Interlocked.Increment(ref refused);
                    continue;
                }
                var mine = Interlocked.Increment(ref now);
                for (var seen = Volatile.Read(ref most); mine > seen; seen = Volatile.Read(ref most)) Interlocked.CompareExchange(ref most, mine, seen);
                Interlocked.Increment(ref passed);
                Interlocked.Decrement(ref now);
                await bench.SettleGatheredAsync(hold, 1);
            }
        })));

        Assert.InRange(most, 1, Limit);
        Assert.True(refused > 0);
        Assert.Equal(Clients * Reserves, refused + passed);
        Assert.Equal(0, await bench.ValueAsync(running));
        Assert.Equal((passed, 0), await bench.BudgetAsync(budget));
    }

    [Fact]
    public async Task Rate_OfferedFarTooMuch_AdmitsItsBurstAndWhatTimeBrings()
    {
        await using var bench = await LedgerBench.OpenAsync(stores.Redis.ConnectionString);
        // 200 a second, 20 at once.
        var rate = Meters.Requests(200, LimitPeriods.Second);
        var from = bench.Calls.Redis.NowOnServerMicroseconds();
        var (first, admitted, longest) = (0, 0, 0L);
        // Several at a time: one after the other a busy machine may ask for less than time brings.
        while (bench.Calls.Redis.NowOnServerMicroseconds() - from < 1_000_000)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => bench.ReserveAsync(Meters.Hold(bench, 0, rate))));
            admitted += answers.Count(answer => answer.Answer.Kind == ReserveKind.Granted);
            longest = Math.Max(longest, answers.Where(answer => answer.Answer.Kind != ReserveKind.Granted).Select(answer => answer.Answer.First).DefaultIfEmpty().Max());
            if (longest > 0 && first == 0) first = admitted;
        }
        var seconds = (bench.Calls.Redis.NowOnServerMicroseconds() - from) / 1e6;

        // The burst at once, then what time brings; how fast we ask depends on what else the machine does. One more for the edges of the measurement.
        Assert.InRange(first, 20, 20 + 200 * seconds + 1);
        Assert.InRange(admitted, first + 1, 20 + 200 * seconds + 1);
        // Whoever is refused is told to wait for one unit at most.
        Assert.InRange(longest, 1, 5_000);
    }

    [Fact]
    public async Task TokenRate_TakesTheEstimate_AndGivesBackTheDifference()
    {
        await using var bench = await LedgerBench.OpenAsync(stores.Redis.ConnectionString);
        // A burst of 1,000; a token comes back every 8.64 s, so none does here.
        var rate = Meters.Tokens(10_000, LimitPeriods.Day);
        Hold Of(long tokens) => Meters.Hold(bench, new HoldTerms(0, 0, 0, 0, tokens, 0), rate);
        async Task<ReserveAnswer> AskAsync(Hold hold) => (await bench.ReserveAsync(hold)).Answer;

        var large = Of(700);
        Assert.Equal(300, (await AskAsync(large)).Tokens.Left);
        Assert.Equal(ReserveKind.Refused, (await AskAsync(Of(301))).Kind);
        await bench.SettleAsync(large.Id, 0, tokens: 100);
        var answer = await AskAsync(Of(900));
        Assert.Equal((ReserveKind.Granted, 0), (answer.Kind, answer.Tokens.Left));
        // Larger than the burst: when nothing is owed, and not before.
        Assert.Equal(ReserveKind.Refused, (await AskAsync(Of(5_000))).Kind);
        var fresh = Meters.Tokens(10_000, LimitPeriods.Day);
        Assert.Equal(ReserveKind.Granted, (await AskAsync(Meters.Hold(bench, new HoldTerms(0, 0, 0, 0, 5_000, 0), fresh))).Kind);
        Assert.Equal(ReserveKind.Refused, (await AskAsync(Meters.Hold(bench, new HoldTerms(0, 0, 0, 0, 1, 0), fresh))).Kind);
    }
}
