using System.Net;
using AspireGateway.Integration.Tests.Stores;

namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>
/// What a request may allocate in the gateway's process, everything included: web server, HTTP client, journey, journal and its copy to Postgres. The
/// budgets are checked-in numbers, a fifth above what was measured; raising one is a decision to write down in docs/performance.md.
/// </summary>
[Collection(nameof(Alone))]
public sealed class AllocationTests(StoresFixture stores)
{
    private const double PlainBudget = 8_000, StreamBudget = 8_800;

    [Fact]
    public async Task Request_StaysWithinItsAllocationBudget()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await using var gateway = await world.StartGatewayAsync("gateway", waitUntilReady: true, AllocationMeter.Settings);

        var plain = await AllocationMeter.PerRequestAsync(gateway, world.Key, """{"model":"small","messages":[{"role":"user","content":"Hello"}]}""");
        var stream = await AllocationMeter.PerRequestAsync(gateway, world.Key, """{"model":"small","stream":true,"messages":[{"role":"user","content":"Hello [[sim: chunks=20]]"}]}""");

        TestContext.Current.TestOutputHelper?.WriteLine($"plain {plain:0} B, stream {stream:0} B a request");
        Assert.True(plain <= PlainBudget && stream <= StreamBudget, $"plain {plain:0} B of {PlainBudget}, stream {stream:0} B of {StreamBudget} a request");
        // A figure far below the budget means that the budget no longer says anything.
        Assert.True(plain > PlainBudget / 3 && stream > StreamBudget / 3, $"plain {plain:0} B, stream {stream:0} B: lower the budgets");
    }
}
