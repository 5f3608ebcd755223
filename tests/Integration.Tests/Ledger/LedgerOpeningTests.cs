using AspireGateway.Gateway.Accounting.Ledger;
using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Gateway.State;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace AspireGateway.Integration.Tests.Ledger;

/// <summary>What requests see of a ledger that stands open in Redis while their gateway is still finding that out.</summary>
public sealed class LedgerOpeningTests(StoresFixture stores)
{
    [Fact]
    public async Task Reserve_WhileTheKeeperForgetsTheEpoch_IsGranted()
    {
        await using var bench = await LedgerBench.OpenAsync(stores.Redis.ConnectionString);
        var ledger = LedgerOver(bench.Calls);
        var budget = Meters.Budget(1_000_000);
        using var ended = new CancellationTokenSource();
        // What the keeper does to every organisation when a connection is new.
        var keeper = Task.Run(async () =>
        {
            while (!ended.IsCancellationRequested)
            {
                bench.Tenant.Epoch = null;
                await Task.Yield();
            }
        });

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(async () =>
        {
            var kinds = new List<ReserveKind>();
            for (var i = 0; i < 50; i++) kinds.Add((await ledger.ReserveAsync(Meters.Hold(bench, 1, budget), mayCountLocally: false, CancellationToken.None)).Answer.Kind);
            return kinds;
        })));
        await ended.CancelAsync();
        await keeper;

        Assert.All(answers.SelectMany(kinds => kinds), kind => Assert.Equal(ReserveKind.Granted, kind));
    }

    [Fact]
    public async Task Reserve_BeforeTheFirstConnectionStands_WaitsForIt()
    {
        await using var bench = await LedgerBench.OpenAsync(stores.Redis.ConnectionString);
        await using var client = new RedisClient(RedisOptions.Parse(stores.Redis.ConnectionString) with { CallTimeout = TimeSpan.FromSeconds(5) }, TimeProvider.System, NullLogger<RedisClient>.Instance, LedgerScripts.All);
        var ledger = LedgerOver(new LedgerCalls(client, TimeProvider.System, NullLogger<LedgerCalls>.Instance));
        bench.Tenant.Epoch = null;

        var asked = ledger.ReserveAsync(Meters.Hold(bench, 1, Meters.Budget(10)), mayCountLocally: false, CancellationToken.None).AsTask();
        Assert.False(asked.IsCompleted);
        client.Start();

        Assert.Equal(ReserveKind.Granted, (await asked).Answer.Kind);
    }

    [Fact]
    public async Task Reserve_WhereNoServerIs_IsNotKeptWaiting()
    {
        await using var bench = await LedgerBench.OpenAsync(stores.Redis.ConnectionString);
        await using var client = new RedisClient(RedisOptions.Parse("127.0.0.1:1"), TimeProvider.System, NullLogger<RedisClient>.Instance, LedgerScripts.All);
        client.Start();
        await client.FirstTried;

        var asked = LedgerOver(new LedgerCalls(client, TimeProvider.System, NullLogger<LedgerCalls>.Instance))
            .ReserveAsync(Meters.Hold(bench, 1, Meters.Budget(10)), mayCountLocally: false, CancellationToken.None);

        Assert.True(asked.IsCompletedSuccessfully);
        Assert.Equal(ReserveKind.Unavailable, (await asked).Answer.Kind);
    }

    [Fact]
    public async Task Forget_OfWhatARebuildWasToldOf_IsRefused()
    {
        await using var bench = await LedgerBench.OpenAsync(stores.Redis.ConnectionString);
        var (before, after) = (Meters.Hold(bench, 1, Meters.Budget(10)), Meters.Hold(bench, 1, Meters.Budget(10)));
        bench.Tenant.Add(before);
        Assert.Equal([before], bench.Tenant.Holds(forRegistration: true));
        bench.Tenant.Add(after);

        Assert.False(bench.Tenant.TryForget(before));
        Assert.True(bench.Tenant.TryForget(after));

        // It stays on the list until Redis has confirmed that it was given back.
        Assert.Equal([before], bench.Tenant.Holds());
    }

    // The ledger stands open: nobody asks the books, the journal or the configuration.
    private static AspireGateway.Gateway.Accounting.Ledger.Ledger LedgerOver(LedgerCalls calls) => new(
        calls, new LedgerOpening(calls, null!, new SnapshotHolder(), null!, TimeProvider.System, NullLogger<LedgerOpening>.Instance), null,
        new BudgetWatch(null!, TimeProvider.System, NullLogger<BudgetWatch>.Instance), TimeProvider.System);
}
