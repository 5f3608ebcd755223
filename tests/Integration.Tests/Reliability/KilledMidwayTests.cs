using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Reliability;

/// <summary>A gateway is killed while a request runs at two deployments, or between two steps of a cascade: one record for each request, all its legs in it, nothing held for ever.</summary>
public sealed class KilledMidwayTests(StoresFixture stores, ITestOutputHelper output)
{
    private const int Requests = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60), Lease = TimeSpan.FromSeconds(120);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Killed_EachRequestHasOneRecord_ItsLegsAreChargedOnce_AndNothingStaysHeld(bool cascade, bool comesBack)
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await world.World.ChangeProviderAsync("first_byte_timeout_ms = 60000, idle_timeout_ms = 60000");
        var (model, _) = cascade ? await LegModel.AddAsync(world, 2, "{}") : await LegModel.AddAsync(world, 2, reliability: LegModel.Hedged);
        var budget = await world.BudgetAsync(ScopeKinds.Team, world.World.Team.ToString(), BudgetPeriods.Monthly, 1_000_000_000);
        var dying = await world.StartGatewayAsync("dying", SpendingWorld.Patient);
        await using var other = await world.StartGatewayAsync("other", SpendingWorld.Patient, SpendingWorld.ShortlyAwaited);
        await world.OpenedAsync();
        await world.AppliedAsync(dying, other);
        // One request after the other, so that what each holds is known.
        var (calls, heldFor, before) = (new List<Task>(), new Dictionary<string, long>(StringComparer.Ordinal), 0L);
        for (var i = 0; i < Requests; i++)
        {
            world.World.Simulator.ScriptFor(model + "-a", cascade ? "text=\"I cannot help with that.\"; prompt-tokens=40; completion-tokens=10" : "stall-before-first");
            world.World.Simulator.ScriptFor(model + "-b", "stall-before-first");
            calls.Add(dying.ChatAsync(world.World.Key, Ask.Body(model: model), $"killed-{i}"));
            await Eventually.HoldsAsync(() => Sent(world, model + "-b") == i + 1 && Sent(world, model + "-a") == i + 1, Patience, "both deployments have it");
            var (_, held) = await world.ReadAsync(budget);
            heldFor[$"killed-{i}"] = held - before;
            before = held;
        }

        await dying.KillAsync();
        foreach (var call in calls) await Assert.ThrowsAnyAsync<HttpRequestException>(() => call);
        // The same folder: it reads what it had begun, and tells the books.
        if (comesBack) await world.StartGatewayAsync("dying", SpendingWorld.Patient);
        output.WriteLine($"settled after {await world.SettledAsync(budget, Lease)}");

        Assert.Equal(0, await world.HoldsAsync());
        foreach (var (id, most) in heldFor)
        {
            var record = await world.World.RecordAsync(id);
            output.WriteLine($"{id}: held {most}, charged {record.CostNanoUsd}");
            Assert.Equal(("orphaned", true), (record.Status, record.Estimated));
            // The bound of both legs, or the estimate of whoever can still say what it was about: never a leg twice.
            if (comesBack) Assert.InRange(record.CostNanoUsd, 1, most);
            else Assert.Equal(most, record.CostNanoUsd);
        }
        // The hold was for both answers, the dearer of which is ten times the other.
        Assert.All(heldFor.Values, most => Assert.True(most > LegModel.CostOf(0, 0, 50) + LegModel.CostOf(1, 0, 50), $"{most} covers both"));
        Assert.Equal(Requests, (await world.World.RecordsAsync()).Count(r => r.RequestId.StartsWith("killed-", StringComparison.Ordinal)));
    }

    private static int Sent(SpendingWorld world, string deployment) => world.World.Simulator.Requests.Count(r => r.Model == deployment && r.BodyLength > 0);
}
