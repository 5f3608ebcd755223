using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>What limits and budgets may allocate beside the request itself; see <see cref="AllocationTests"/>.</summary>
[Collection(nameof(Alone))]
public sealed class LimitedAllocationTests(StoresFixture stores)
{
    // One request at a time, so that each is a round to the ledger of its own: the dearest way.
    private const double Budget = 18_500;

    [Fact]
    public async Task LimitedRequest_StaysWithinItsAllocationBudget()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var (team, key) = (world.World.Team.ToString(), world.World.KeyId.ToString());
        await world.BudgetAsync(ScopeKinds.Organisation, null, BudgetPeriods.Monthly, 1_000_000_000_000_000);
        await world.BudgetAsync(ScopeKinds.Team, team, BudgetPeriods.Daily, 1_000_000_000_000_000);
        await world.LimitAsync(ScopeKinds.Key, key, LimitUnits.Requests, 100_000_000, LimitPeriods.Minute);
        await world.LimitAsync(ScopeKinds.Key, key, LimitUnits.Tokens, 1_000_000_000, LimitPeriods.Minute);
        await world.LimitAsync(ScopeKinds.Key, key, LimitUnits.Concurrency, 1_000);
        await world.LimitAsync(ScopeKinds.Global, null, LimitUnits.Requests, 100_000_000, LimitPeriods.Minute);
        await using var gateway = await world.StartGatewayAsync("gateway", [.. AllocationMeter.Settings, SpendingWorld.Patient]);
        await world.OpenedAsync();
        await world.OpenedAsync(isWide: true);

        var limited = await AllocationMeter.PerRequestAsync(gateway, world.World.Key, """{"model":"small","max_tokens":50,"messages":[{"role":"user","content":"Hello"}]}""");

        TestContext.Current.TestOutputHelper?.WriteLine($"limited {limited:0} B a request");
        Assert.InRange(limited, Budget / 3, Budget);
    }
}
