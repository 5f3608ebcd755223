using AspireGateway.Gateway.Accounting.Journal;
using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Integration.Tests.Journal;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using Microsoft.EntityFrameworkCore;
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
    private string database = "";

    public async ValueTask InitializeAsync()
    {
        database = await stores.Postgres.CreateDatabaseAsync();
        bench = await LedgerBench.OpenAsync(stores.Redis.ConnectionString);
        journal = await JournalRig.StartAsync(folder, database, ships: false);
        source = NpgsqlDataSource.Create(database);
        sweep = SweepAt(TimeSpan.Zero);
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
    public async Task Reclaim_OfAGatewayWithoutALease_ChargesWhatItHeld()
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

        Assert.Equal((100, 100), await bench.BudgetAsync(budget));
    }

    [Fact]
    public async Task Sweep_OfManyHolds_EndsThemAllAndForgetsTheGateway()
    {
        await using var dead = await LedgerBench.ConnectAsync(stores.Redis.ConnectionString, bench.Tenant.Organisation);
        await dead.BeatAsync(-1_000);
        for (var i = 0; i < 333; i++) await dead.ReserveAsync(new Hold(dead.Tenant, OldId(), [budget], new HoldTerms(100, 0, 0, 0, 0, 3)) { ArrivedAtUs = long.MaxValue }, bench.Epoch);
        await bench.ReserveAsync(Meters.Hold(bench, 5, budget));

        await Task.WhenAll(sweep.SweepAsync(bench.Tenant, dead.Calls.Instance), sweep.SweepAsync(bench.Tenant, dead.Calls.Instance));

        Assert.Equal((33_300, 5), await bench.BudgetAsync(budget));
        Assert.Null(await bench.FieldAsync(bench.Tenant.InstancesKey, dead.Instance));
    }

    [Fact]
    public async Task Details_WithoutAHold_AreForgottenOnceNoRequestWaitsThatLong()
    {
        var (held, lost) = (Meters.Hold(bench, 1, budget), Guid.CreateVersion7());
        await bench.ReserveAsync(held);
        await bench.SetAsync(bench.Tenant.DetailsKey, LedgerBench.IdOf(lost), [1]);

        await sweep.ForgetDetailsAsync(bench.Tenant);
        Assert.Equal(2, (await bench.HashAsync(bench.Tenant.DetailsKey)).Count);
        await SweepAt(TimeSpan.FromHours(3)).ForgetDetailsAsync(bench.Tenant);

        Assert.Equal([Convert.ToHexString(LedgerBench.IdOf(held.Id))], (await bench.HashAsync(bench.Tenant.DetailsKey)).Keys);
    }

    // Killed while it asked two ledgers: the other one had not granted it, or had, and nobody knows what became of the request.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sweep_OfOneHoldOfTwo_GetsARecordOnlyIfTheOtherLedgerKnowsOfIt(bool isGrantedByBoth)
    {
        await using var wide = await LedgerBench.OpenAsync(stores.Redis.ConnectionString);
        await using var dead = await LedgerBench.ConnectAsync(stores.Redis.ConnectionString, bench.Tenant.Organisation);
        await dead.BeatAsync(-1_000);
        var record = JournalRig.Record();
        await dead.ReserveAsync(Paired(dead.Tenant, record, Encode(record)), bench.Epoch);
        if (isGrantedByBoth) await wide.ReserveAsync(Paired(wide.Tenant, record, []));

        await sweep.SweepAsync(bench.Tenant, dead.Calls.Instance);

        // A minute and half a minute more; what this test itself takes counts too.
        foreach (var seconds in (int[])[0, 40, 65, 70, 120])
        {
            await SweepAt(TimeSpan.FromSeconds(seconds), wide).ReconcileAsync(bench.Tenant, CancellationToken.None);
            // Charged in full until the books have had time to say otherwise.
            Assert.Equal((isGrantedByBoth || seconds < 90 ? 1_000 : 0, 0), await bench.BudgetAsync(budget));
            Assert.Equal(isGrantedByBoth && seconds > 60, journal.Journal.ClosedCount > 0);
        }
        if (!isGrantedByBoth) return;
        await ShipAsync();
        var booked = Assert.Single(await JournalRig.RecordsAsync(database));
        Assert.Equal((record.Id, UsageStatuses.Orphaned, true, 1_000), (booked.Id, booked.Status, booked.Estimated, booked.CostNanoUsd));
    }

    [Theory]
    [InlineData(UsageStatuses.Ok, 700)]
    [InlineData(UsageStatuses.Orphaned, 900)]
    public async Task Reconcile_OfAHoldWithoutARecord_FollowsTheBooksHoweverLateTheyAre(string status, long booked)
    {
        var record = JournalRig.Record();
        await bench.ReserveAsync(Paired(bench.Tenant, record, []));
        await bench.BeatAsync(-1_000);
        await sweep.SweepAsync(bench.Tenant, bench.Calls.Instance);
        await SweepAt(TimeSpan.FromMinutes(2)).ReconcileAsync(bench.Tenant, CancellationToken.None);
        Assert.Equal((0, 0), await bench.BudgetAsync(budget));

        (record.Status, record.CostNanoUsd) = (status, booked);
        await BookAsync(record);
        for (var i = 0; i < 2; i++) await SweepAt(TimeSpan.FromMinutes(3)).ReconcileAsync(bench.Tenant, CancellationToken.None);

        Assert.Equal((booked, 0), await bench.BudgetAsync(budget));
    }

    // A gateway that was taken for dead gives a hold back that a budget had cut, and asks for less.
    [Fact]
    public async Task Settle_OfARequestThatAskedAgainAfterItsFirstHoldWasSwept_CountsOnce()
    {
        var record = JournalRig.Record();
        await bench.ReserveAsync(Paired(bench.Tenant, record, []));
        await bench.BeatAsync(-1_000);
        await sweep.SweepAsync(bench.Tenant, bench.Calls.Instance);
        await bench.SettleAsync(record.Id, 0, undo: true);
        await bench.ReserveAsync(Paired(bench.Tenant, record, []));
        await bench.SettleAsync(record.Id, 500);
        record.CostNanoUsd = 500;
        await BookAsync(record);

        await SweepAt(TimeSpan.FromMinutes(2)).ReconcileAsync(bench.Tenant, CancellationToken.None);

        Assert.Equal((500, 0), await bench.BudgetAsync(budget));
    }

    // The same journal with its shipper.
    private async Task ShipAsync()
    {
        await journal.DisposeAsync();
        journal = await JournalRig.StartAsync(folder, database);
        await journal.EmptyAsync();
    }

    private async Task BookAsync(UsageRecord record)
    {
        await using var books = JournalRig.Database(database);
        await books.Database.ExecuteSqlAsync($"select ensure_day_partitions(array[{DateOnly.FromDateTime(record.At.UtcDateTime)}])");
        books.UsageRecords.Add(record);
        await books.SaveChangesAsync();
    }

    private LedgerSweep SweepAt(TimeSpan later, LedgerBench? wide = null)
    {
        var time = later == TimeSpan.Zero ? TimeProvider.System : new LaterTime(later);
        return new(bench.Calls, new LedgerBooks(source, time), journal.Journal, time) { Wide = wide?.Tenant ?? new LedgerTenant(Guid.Empty, time) };
    }

    private Hold Paired(LedgerTenant tenant, UsageRecord of, byte[] record) => new(tenant, of.Id, [budget], new HoldTerms(1_000, 0, 0, 0, 0, 600))
    {
        ArrivedAtUs = long.MaxValue, IsPaired = true, Record = record,
    };

    private static byte[] Encode(UsageRecord record)
    {
        var buffer = new byte[RecordEncoder.MaxBytes];
        return buffer[..RecordEncoder.Encode(JournalRig.Opening(record), RecordLimits.Compact, buffer)];
    }

    private sealed class LaterTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }

    // Of a request that arrived long ago and was held only now, as one from the queue is.
    private Hold Old(long cost) => new(bench.Tenant, OldId(), [budget], new HoldTerms(cost, 0, 0, 0, 0, cost)) { ArrivedAtUs = long.MaxValue };

    private static Guid OldId() => Guid.CreateVersion7(TimeProvider.System.GetUtcNow().AddMinutes(-1));
}
