using System.Text;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;
using AspireGateway.Shared.Redis;

namespace AspireGateway.Integration.Tests.Ledger;

/// <summary>Opening, losing and rebuilding a ledger, and who is taken for dead.</summary>
public sealed class LedgerEpochTests(StoresFixture stores)
{
    private static readonly byte[] Last = Encoding.ASCII.GetBytes("last");

    [Fact]
    public async Task Begin_ByManyAtOnce_HasOneLeader()
    {
        for (var round = 0; round < 50; round++)
        {
            var organisation = Guid.CreateVersion7();
            await using var first = await LedgerBench.ConnectAsync(stores.Redis.ConnectionString, organisation);
            await using var second = await LedgerBench.ConnectAsync(stores.Redis.ConnectionString, organisation);

            var answers = await Task.WhenAll(first.BeginAsync(LedgerBench.NewEpoch()), second.BeginAsync(LedgerBench.NewEpoch()));

            Assert.Equal([1L, 2L], answers.Select(answer => (long)answer[0]).Order());
            Assert.Equal(answers[0][1], answers[1][1]);
            var epoch = (string)answers[0][1];
            var (leader, follower) = (long)answers[0][0] == 2 ? (first, second) : (second, first);
            Assert.Equal([2L, epoch], await leader.BeginAsync(LedgerBench.NewEpoch()));
            Assert.Equal([0L], await follower.FinishAsync(epoch));
            Assert.Equal([0L], await leader.FinishAsync(LedgerBench.NewEpoch()));
            Assert.Equal([1L], await follower.RegisterAsync(epoch, []));
            Assert.Equal(1L, (await leader.FinishAsync(epoch))[0]);
            Assert.Equal(0L, (await follower.BeginAsync(LedgerBench.NewEpoch()))[0]);
            Assert.Equal([0L], await follower.RegisterAsync(epoch, []));
        }
    }

    [Fact]
    public async Task Leader_WhoseTimeIsOver_IsFollowedByAnother()
    {
        await using var slow = await LedgerBench.ConnectAsync(stores.Redis.ConnectionString);
        await using var next = await LedgerBench.ConnectAsync(stores.Redis.ConnectionString, slow.Tenant.Organisation);
        var (old, young) = (LedgerBench.NewEpoch(), LedgerBench.NewEpoch());
        await slow.BeginAsync(old, leaderUs: -1);

        Assert.Equal([2L, young], await next.BeginAsync(young));

        Assert.Equal([0L], await slow.RegisterAsync(old, []));
        Assert.Equal([0L], await slow.FinishAsync(old));
        Assert.Equal(1L, (await next.FinishAsync(young))[0]);
    }

    [Fact]
    public async Task Rebuild_TakesSumsFromTheBooks_AndHoldsFromTheGateways()
    {
        await using var bench = await LedgerBench.OpenAsync(stores.Redis.ConnectionString);
        var (budget, other, running, approval) = (Meters.Budget(1_000), Meters.Budget(1_000), Meters.Concurrency(3), Meters.Approval());
        Hold[] holds = [Meters.Hold(bench, 70, budget, running, approval), Meters.Hold(bench, 7, budget, other, running)];
        foreach (var hold in holds) Assert.Equal(ReserveKind.Granted, (await bench.ReserveAsync(hold)).Answer.Kind);
        var before = bench.Epoch;

        await bench.RebuildAsync(holds, (budget.Name, 500));

        Assert.Equal(LedgerOutcome.NotOpen, (await bench.ReserveAsync(Meters.Hold(bench, 1, budget), before)).Outcome);
        Assert.Equal((500, 77), await bench.BudgetAsync(budget));
        Assert.Equal((0, 7), await bench.BudgetAsync(other));
        Assert.Equal((2, 1), (await bench.ValueAsync(running), await bench.ValueAsync(approval)));
        Assert.Equal([550], (await bench.SettleAsync(holds[0].Id, 50)).Settled);
        // Remembered, because the books will have its record of before the epoch; the books' late word replaces it, a seed counts the rest.
        Assert.NotNull(await bench.FieldAsync(bench.Tenant.SweptKey, LedgerBench.IdOf(holds[0].Id)));
        Assert.Equal([0L], await bench.SeedAsync(budget.Name, 500));
        Assert.Equal([1L], await bench.SeedAsync(budget.Name, 520));
        Assert.Equal((570, 7), await bench.BudgetAsync(budget));
    }

    [Fact]
    public async Task ServerRestarted_WithItsOldData_IsNotBelieved()
    {
        await using var server = await RedisServer.StartPrivateAsync("noeviction", "--appendonly", "yes", "--appendfsync", "always");
        var budget = Meters.Budget(1_000);
        await using var bench = await LedgerBench.OpenAsync(server.ConnectionString);
        await bench.ReserveAsync(Meters.Hold(bench, 10, budget));
        await server.StopAsync();
        await Eventually.HoldsAsync(() => !bench.Calls.Redis.Status.IsUp, TimeSpan.FromSeconds(30), "Redis is down");
        await server.StartAsync();
        await Eventually.HoldsAsync(() => bench.Calls.Redis.Status.IsUp, TimeSpan.FromSeconds(30), "Redis is up");
        Assert.Equal((0, 10), await bench.BudgetAsync(budget));
        var epoch = LedgerBench.NewEpoch();

        Assert.Equal([2L, epoch], await bench.BeginAsync(epoch));

        Assert.Equal(LedgerOutcome.NotOpen, (await bench.ReserveAsync(Meters.Hold(bench, 1, budget))).Outcome);
        Assert.Empty(await bench.HashAsync(bench.Tenant.HoldsKey));
    }

    [Fact]
    public async Task ServerFull_RefusesHolds_ButEndsThoseThatRun()
    {
        await using var server = await RedisServer.StartPrivateAsync();
        await using var bench = await LedgerBench.OpenAsync(server.ConnectionString);
        var (budget, running) = (Meters.Budget(1_000), Meters.Concurrency(10));
        Hold[] holds = [Meters.Hold(bench, 10, budget, running), Meters.Hold(bench, 20, budget, running), Meters.Hold(bench, 30, budget, running)];
        foreach (var hold in holds) await bench.ReserveAsync(hold);
        await bench.BeatAsync(-1_000);
        await bench.CommandAsync("CONFIG", "SET", "maxmemory", "1");

        Assert.Equal(LedgerOutcome.NotDone, (await bench.ReserveAsync(Meters.Hold(bench, 1, budget, running))).Outcome);
        Assert.Equal((0, 60), await bench.BudgetAsync(budget));
        Assert.Equal([4], (await bench.SettleAsync(holds[0].Id, 4)).Settled);
        Assert.Single(await bench.ExpireAsync([holds[1].Id]));
        Assert.Equal((24, 30), await bench.BudgetAsync(budget));
        // Whoever comes back to it learns that it is open.
        Assert.Equal(0L, (await bench.BeginAsync(LedgerBench.NewEpoch()))[0]);
        await bench.CommandAsync("CONFIG", "SET", "maxmemory", "0");
        Assert.Equal([25], (await bench.SettleAsync(holds[2].Id, 1)).Settled);
        Assert.Equal(0, await bench.ValueAsync(running));
    }

    [Fact]
    public async Task Gateway_ThatDiesBeforeItsFirstBeat_IsFoundDead()
    {
        await using var first = await LedgerBench.OpenAsync(stores.Redis.ConnectionString);
        await using var second = await LedgerBench.ConnectAsync(stores.Redis.ConnectionString, first.Tenant.Organisation);
        await first.BeatAsync();
        var epoch = Encoding.UTF8.GetBytes((string)(await second.BeginAsync(LedgerBench.NewEpoch(), leaseUs: -1_000))[1]);
        var budget = Meters.Budget(1_000);
        await second.ReserveAsync(Meters.Hold(second, 10, budget), epoch);

        var beat = await first.BeatAsync();

        Assert.Equal(Encoding.Latin1.GetString(second.Instance), Assert.Single(beat.Skip(4)));
    }

    [Fact]
    public async Task FirstBeat_AfterTheServerWasAway_TakesNobodyForDead()
    {
        await using var first = await LedgerBench.OpenAsync(stores.Redis.ConnectionString);
        await using var second = await LedgerBench.ConnectAsync(stores.Redis.ConnectionString, first.Tenant.Organisation);
        const long Lease = 15_000_000;
        await second.BeatAsync(Lease);
        await first.BeatAsync(Lease);
        // As if twenty seconds had passed in which no beat came through.
        await AgeAsync(first, second.Instance);
        await AgeAsync(first, Last);

        Assert.Equal(4, (await first.BeatAsync(Lease)).Count);
        Assert.Equal(4, (await first.BeatAsync(Lease)).Count);

        // One who alone is silent is dead all the same.
        await AgeAsync(first, second.Instance);
        Assert.Equal(Encoding.Latin1.GetString(second.Instance), (await first.BeatAsync(Lease))[4]);
    }

    private static Task AgeAsync(LedgerBench bench, byte[] field) => bench.SetAsync(
        bench.Tenant.InstancesKey, field, BitConverter.GetBytes((double)bench.Calls.Redis.NowOnServerMicroseconds() - 20_000_000));
}
