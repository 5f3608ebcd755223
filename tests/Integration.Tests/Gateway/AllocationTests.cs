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
    // What runs beside the requests (timers, the first copy to Postgres) can only add, so the least of the rounds is the requests' own.
    private const int WarmUp = 1_000, Measured = 1_000, Rounds = 4;
    private const double PlainBudget = 8_000, StreamBudget = 8_000;

    [Fact]
    public async Task Request_StaysWithinItsAllocationBudget()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        // Tiered compilation allocates while it works; without it the first requests already run the final code.
        await using var gateway = await world.StartGatewayAsync("gateway", waitUntilReady: true, "DOTNET_TieredCompilation=0");

        var plain = await MeasureAsync(gateway, world.Key, """{"model":"small","messages":[{"role":"user","content":"Hello"}]}""");
        var stream = await MeasureAsync(gateway, world.Key, """{"model":"small","stream":true,"messages":[{"role":"user","content":"Hello [[sim: chunks=20]]"}]}""");

        TestContext.Current.TestOutputHelper?.WriteLine($"plain {plain:0} B, stream {stream:0} B a request");
        Assert.True(plain <= PlainBudget && stream <= StreamBudget, $"plain {plain:0} B of {PlainBudget}, stream {stream:0} B of {StreamBudget} a request");
        // A figure far below the budget means that the budget no longer says anything.
        Assert.True(plain > PlainBudget / 3 && stream > StreamBudget / 3, $"plain {plain:0} B, stream {stream:0} B: lower the budgets");
    }

    private static async Task<double> MeasureAsync(GatewayProcess gateway, string key, string body)
    {
        await SendAsync(gateway, key, body, WarmUp);
        var least = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            var before = await gateway.MetricAsync("dotnet_gc_allocated_bytes_total");
            await SendAsync(gateway, key, body, Measured);
            least = Math.Min(least, (await gateway.MetricAsync("dotnet_gc_allocated_bytes_total") - before) / Measured);
        }
        return least;
    }

    private static async Task SendAsync(GatewayProcess gateway, string key, string body, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var response = await gateway.ChatAsync(key, body);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await response.Content.ReadAsByteArrayAsync();
        }
    }
}
