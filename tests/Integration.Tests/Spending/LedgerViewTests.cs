using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Portal.Ledger;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;
using AspireGateway.Shared.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>What the portal sees of the ledger that gateways keep.</summary>
public sealed class LedgerViewTests(StoresFixture stores)
{
    private const long Dollar = 1_000_000_000;

    [Fact]
    public async Task Ledger_OfARunningGateway_IsSeenAsItIs_AndItsAbsenceIsSaid()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var since = DateTimeOffset.UtcNow.AddMinutes(-1);
        var team = await world.BudgetAsync(ScopeKinds.Team, world.World.Team.ToString(), BudgetPeriods.Total, Dollar, createdAt: since);
        var each = await world.BudgetAsync(ScopeKinds.User, null, BudgetPeriods.Total, Dollar, createdAt: since);
        var (field, share) = (LedgerFields.OfBudget(team, "", since), LedgerFields.OfBudget(each, "user=zoe", since));
        await using var redis = new RedisClient(
            RedisOptions.Parse(world.Redis.ConnectionString) with { CallTimeout = TimeSpan.FromSeconds(2) }, TimeProvider.System, NullLogger<RedisClient>.Instance, []);
        var view = new LedgerView(TimeProvider.System, redis);
        Task<LedgerReading> Read() => view.ReadAsync(world.World.Organisation, [field], [(each, since)]);
        Assert.Equal(LedgerState.Away, (await Read()).State);
        redis.Start();
        await Eventually.HoldsAsync(async () => (await Read()).State == LedgerState.NotOpen, TimeSpan.FromSeconds(20), "Redis answers, and nothing was counted");

        await using var gateway = await world.StartGatewayAsync("gateway", SpendingWorld.Patient);
        await world.OpenedAsync();
        using (var whole = await gateway.ChatAsync(world.World.Key, Body("Hello"), headers: ("x-gateway-user", "zoe"))) await whole.Content.ReadAsByteArrayAsync();
        await world.SettledAsync(team, TimeSpan.FromSeconds(20));
        var settled = await world.RecordedAsync();
        Assert.True(settled > 0);
        var reading = await Read();
        Assert.Equal(new LedgerMeter(settled, 0), reading.Meters[field]);
        Assert.Equal(new LedgerMeter(settled, 0), reading.Meters[share]);
        Assert.Empty(reading.Holds);
        Assert.True(reading.IsWhole);

        using (await gateway.ChatAsync(world.World.Key, Body("[[sim: chunks=200; chunk-ms=500]]", stream: true), "req-live", headers: ("x-gateway-user", "zoe")))
        {
            reading = await Read();
            var hold = Assert.Single(reading.Holds);
            Assert.Equal(("req-live", world.World.KeyId, "small"), (hold.Record!.RequestId, hold.Record.KeyId, hold.Record.Model));
            Assert.InRange(hold.Record.ArrivedAt, since, DateTimeOffset.UtcNow.AddSeconds(1));
            Assert.Equivalent(new[] { field, share }, hold.Budgets, strict: true);
            Assert.True(hold.CostNanoUsd > 0);
            Assert.Equal(new LedgerMeter(settled, hold.CostNanoUsd), reading.Meters[field]);
        }
        await Eventually.HoldsAsync(async () => (await Read()) is { State: LedgerState.Live, Holds.Count: 0 }, TimeSpan.FromSeconds(20), "the caller left, and nothing is held");

        await world.Redis.FreezeAsync();
        Assert.Equal(LedgerState.Away, (await Read()).State);
        await world.Redis.ThawAsync();
        await Eventually.HoldsAsync(async () => (await Read()).State == LedgerState.Live, TimeSpan.FromSeconds(20), "Redis is back");
    }

    private static string Body(string text, bool stream = false) =>
        $$"""{"model":"small","max_tokens":100,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{text}}"}]}""";
}
