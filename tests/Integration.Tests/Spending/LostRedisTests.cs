using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>A budget whose ledger is lost while it is spent.</summary>
public sealed class LostRedisTests(StoresFixture stores, ITestOutputHelper output)
{
    [Fact]
    public async Task Redis_RestartedEmpty_IsRebuiltFromTheRecordsAndTheHolds()
    {
        await using var chaos = await BudgetUnderChaos.StartAsync(await stores.Postgres.CreateDatabaseAsync(), seed: 13);
        for (var loss = 0; loss < 2; loss++)
        {
            await chaos.ServesAsync(80);
            await chaos.World.Redis.StopAsync();
            var unavailable = Unavailable(chaos);
            await Eventually.HoldsAsync(() => Unavailable(chaos) > unavailable, TimeSpan.FromSeconds(30), "without a ledger nobody may spend");
            await chaos.World.Redis.StartAsync();
        }
        await chaos.ServesAsync(20);

        output.WriteLine(await chaos.EndAsync());
    }

    private static int Unavailable(BudgetUnderChaos chaos) => chaos.Callers.Outcomes.Count(call => call.Code == "store_unavailable");
}
