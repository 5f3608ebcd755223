using System.Diagnostics.CodeAnalysis;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>A budget over gateways that die without a word.</summary>
public sealed class KilledGatewaysTests(StoresFixture stores, ITestOutputHelper output)
{
    [Fact]
    [SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "It chooses who dies.")]
    public async Task Gateways_KilledWhileTheySpend_LoseNothing_AndTheirHoldsComeBack()
    {
        await using var chaos = await BudgetUnderChaos.StartAsync(await stores.Postgres.CreateDatabaseAsync(), seed: 11);
        var dying = Enumerable.Range(0, chaos.Fleet.Count).ToArray();
        new Random(3).Shuffle(dying);
        var starts = new List<Task>();
        foreach (var gateway in dying[..3])
        {
            await chaos.ServesAsync(60);
            starts.Add(chaos.Fleet.KillAndStartAsync(gateway));
        }
        await Task.WhenAll(starts);
        // Somebody waited for the dead.
        Assert.Contains(chaos.Callers.Outcomes, call => call.Status is null);

        output.WriteLine(await chaos.EndAsync(mayBeOrphaned: true));
    }
}
