using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>A budget whose books are away while it is spent.</summary>
public sealed class StoppedPostgresTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Postgres_StoppedAndStarted_NothingIsLostAndNothingCountedTwice()
    {
        await using var postgres = await PostgresServer.StartPrivateAsync();
        await using var chaos = await BudgetUnderChaos.StartAsync(await postgres.CreateDatabaseAsync(), seed: 14);
        await chaos.ServesAsync(80);
        await postgres.StopAsync();
        // The ledger is there, so spending goes on.
        await chaos.ServesAsync(150);
        await postgres.StartAsync();
        await chaos.ServesAsync(20);

        output.WriteLine(await chaos.EndAsync());
    }
}
