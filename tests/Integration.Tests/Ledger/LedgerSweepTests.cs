using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Integration.Tests.Journal;
using AspireGateway.Integration.Tests.Stores;
using Npgsql;

namespace AspireGateway.Integration.Tests.Ledger;

public sealed class LedgerSweepTests(StoresFixture stores) : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("agw-sweep-").FullName;
    private readonly Meter budget = Meters.Budget(1_000_000);
    private LedgerBench bench = null!;
    private JournalRig journal = null!;
    private NpgsqlDataSource source = null!;
    private LedgerSweep sweep = null!;

    public async ValueTask InitializeAsync()
    {
        var database = await stores.Postgres.CreateDatabaseAsync();
        bench = await LedgerBench.OpenAsync(stores.Redis.ConnectionString);
        journal = await JournalRig.StartAsync(folder, database, ships: false);
        source = NpgsqlDataSource.Create(database);
        sweep = new LedgerSweep(bench.Calls, new LedgerBooks(source, TimeProvider.System), journal.Journal, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await journal.DisposeAsync();
        await source.DisposeAsync();
        await bench.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Reclaim_GivesBackWhatNobodyKnows_AndLeavesTheRest()
    {
        var (known, lost, young) = (Old(10), Old(20), Meters.Hold(bench, 30, budget));
        foreach (var hold in new[] { known, lost, young }) await bench.ReserveAsync(hold);
        bench.Tenant.Add(known);

        Assert.Equal(1, await sweep.ReclaimAsync(bench.Tenant));

        Assert.Equal((0, 40), await bench.BudgetAsync(budget));
        Assert.Null(await bench.FieldAsync(bench.Tenant.HoldsKey, LedgerBench.IdOf(lost.Id)));
    }

    [Fact]
    public async Task Reclaim_WhileRequestsThatWaitedLongComeAndGo_TakesNoneOfTheirHolds()
    {
        using var stop = new CancellationTokenSource();
        var reclaims = Task.Run(async () =>
        {
            var sum = 0;
            while (!stop.IsCancellationRequested) sum += await sweep.ReclaimAsync(bench.Tenant);
            return sum;
        });

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 500; i++)
            {
                var hold = Old(1);
                bench.Tenant.Add(hold);
                await bench.ReserveAsync(hold);
                await Task.Yield();
                Assert.Single((await bench.SettleAsync(hold.Id, 1)).Settled);
                bench.Tenant.Remove(hold);
            }
        })));
        await stop.CancelAsync();

        Assert.Equal(0, await reclaims);
        Assert.Equal((4_000, 0), await bench.BudgetAsync(budget));
    }

    [Fact]
    public async Task Reclaim_OfAGatewayWithoutALease_ChargesItsEstimates()
    {
        await using var gone = await LedgerBench.ConnectAsync(stores.Redis.ConnectionString, bench.Tenant.Organisation);
        await using var alive = await LedgerBench.ConnectAsync(stores.Redis.ConnectionString, bench.Tenant.Organisation);
        await alive.BeatAsync();
        foreach (var other in new[] { gone, alive })
        {
            var hold = new Hold(other.Tenant, OldId(), [budget], new HoldTerms(100, 0, 0, 0, 0, 60)) { ArrivedAtUs = long.MaxValue };
            await other.ReserveAsync(hold, bench.Epoch);
        }

        Assert.Equal(0, await sweep.ReclaimAsync(bench.Tenant));

        Assert.Equal((60, 100), await bench.BudgetAsync(budget));
    }

    [Fact]
    public async Task Sweep_OfManyHolds_EndsThemAllAndForgetsTheGateway()
    {
        await using var dead = await LedgerBench.ConnectAsync(stores.Redis.ConnectionString, bench.Tenant.Organisation);
        await dead.BeatAsync(-1_000);
        for (var i = 0; i < 333; i++) await dead.ReserveAsync(new Hold(dead.Tenant, OldId(), [budget], new HoldTerms(100, 0, 0, 0, 0, 3)) { ArrivedAtUs = long.MaxValue }, bench.Epoch);
        await bench.ReserveAsync(Meters.Hold(bench, 5, budget));

        await Task.WhenAll(sweep.SweepAsync(bench.Tenant, dead.Calls.Instance), sweep.SweepAsync(bench.Tenant, dead.Calls.Instance));

        Assert.Equal((999, 5), await bench.BudgetAsync(budget));
        Assert.Null(await bench.FieldAsync(bench.Tenant.InstancesKey, dead.Instance));
    }

    // Of a request that arrived long ago and was held only now, as one from the queue is.
    private Hold Old(long cost) => new(bench.Tenant, OldId(), [budget], new HoldTerms(cost, 0, 0, 0, 0, cost)) { ArrivedAtUs = long.MaxValue };

    private static Guid OldId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddMinutes(-1));
}
