using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>The contract: replicas and requests in any number, and not a nano-dollar beyond the cap.</summary>
public sealed class BudgetRaceTests(StoresFixture stores, ITestOutputHelper output)
{
    private const long Cap = 1_000_000_000;

    [Fact]
    public async Task FourGateways_FiveHundredRequestsAtOnce_NeverOverspendADollar_AndAccountForEveryNano()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await SpendingCallers.PriceAsync(world);
        await world.World.ChangeProviderAsync("first_byte_timeout_ms = 60000, idle_timeout_ms = 60000");
        var budget = await world.BudgetAsync(ScopeKinds.Team, world.World.Team.ToString(), BudgetPeriods.Monthly, Cap);
        // Wider and narrower ones with room: they count the same requests.
        Guid[] others =
        [
            await world.BudgetAsync(ScopeKinds.Organisation, null, BudgetPeriods.Daily, 20 * Cap), await world.BudgetAsync(ScopeKinds.Key, null, BudgetPeriods.Total, 20 * Cap),
            await world.BudgetAsync(ScopeKinds.Model, "small", BudgetPeriods.Weekly, 20 * Cap),
        ];
        var fleet = await GatewayFleet.StartAsync(world);
        await using var sampler = BudgetSampler.Start(world, budget, Cap);
        var callers = new SpendingCallers(world, fleet, seed: 4);

        var first = await callers.SendAllAsync(500);
        // While requests run their worst case is held, so some were refused that would have found room a moment later. Now until nobody finds any.
        for (var refused = 0; refused < 25;) refused = (await callers.SendAsync()).IsOverBudget ? refused + 1 : 0;
        await world.SettledAsync(budget, TimeSpan.FromSeconds(60));
        await sampler.EndAsync(atLeast: 50);

        Assert.Contains(first, call => call.IsServed);
        Assert.Contains(first, call => call.IsOverBudget);
        var (settled, held) = await world.ReadAsync(budget);
        var served = callers.Outcomes.Where(call => call.IsServed).ToList();
        Assert.Equal((served.Sum(call => call.CostNanoUsd!.Value), 0), (settled, held));
        Assert.Equal(settled, await world.RecordedAsync());
        foreach (var other in others) Assert.Equal((settled, 0), await world.ReadAsync(other));
        // What is left is less than the least that a request needs: 64 output tokens, and each byte of its prompt and some more as input.
        Assert.InRange(Cap - settled, 0, 64 * SpendingCallers.OutputToken + 2_000 * SpendingCallers.InputToken);
        await Bookkeeping.HoldsAsync(world, callers, mayBeOrphaned: false);
        output.WriteLine($"{first.Count(call => call.IsServed)} of 500 served at once, {served.Count} in all; settled {settled}; {sampler.Samples} samples, most held {sampler.MostHeld}");
    }
}
