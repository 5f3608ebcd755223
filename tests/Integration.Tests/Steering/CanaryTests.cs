using System.Globalization;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Integration.Tests.Steering;

/// <summary>Canaries over two gateways that share a Redis, without any portal.</summary>
public sealed class CanaryTests(StoresFixture stores, ITestOutputHelper output)
{
    [Fact]
    public async Task BadCanary_SeenByOneGateway_IsRolledBackOnBoth_AndStaysSo()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var (one, two) = (await world.StartGatewayAsync("one"), await world.StartGatewayAsync("two"));
        var canary = await BeginAsync(world.World, [5_000], [0]);
        await Eventually.HoldsAsync(async () => await IsSplitAsync(world, one) && await IsSplitAsync(world, two), TimeSpan.FromSeconds(20), "the split is live on both");

        // The canary's deployment fails, the model's own does not; callers are served all the same. All on the first gateway.
        world.World.Simulator.ScriptFor("sim-large", [.. Enumerable.Repeat("status=500", 1_000)]);
        var asked = 0;
        while (await EventsAsync(world, "canary.trip") == 0)
        {
            Assert.True(asked++ < 1_000, "the canary is rolled back before that");
            using var response = await AskAsync(world, one, $"user-{asked}");
            Assert.True(response.IsSuccessStatusCode);
        }
        await Eventually.HoldsAsync(async () => !await IsSplitAsync(world, two), TimeSpan.FromSeconds(20), "the other one went back");
        // No later than it was seen; both write and read the same clock. A second is what is promised; a slow machine gets three.
        var took = DateTimeOffset.UtcNow - DateTimeOffset.Parse((await TextAsync(world, $"select at::text from steering_events where type = 'canary.trip' and subject_id = '{canary}'"))!, CultureInfo.InvariantCulture);
        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        await Eventually.HoldsAsync(async () => !await IsSplitAsync(world, one), TimeSpan.FromSeconds(20), "the first one went back");
        output.WriteLine($"rolled back after {asked} requests of both arms; the other gateway was seen without it {took.TotalMilliseconds:0} ms after the trip");
        Assert.Equal("error_rate", await TextAsync(world, $"select detail ->> 'guard' from steering_events where type = 'canary.trip' and subject_id = '{canary}'"));
        // No portal wrote anything.
        Assert.Equal("running", await TextAsync(world, $"select status from canaries where id = '{canary}'"));

        // A gateway that starts later knows it from Postgres.
        var three = await world.StartGatewayAsync("three");
        Assert.False(await IsSplitAsync(world, three));
        Assert.Equal(1, await EventsAsync(world, "canary.trip"));
    }

    [Fact]
    public async Task Ramp_GoesOnOverBothGateways_WhenTimeAndRequestsAreEnough()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var (one, two) = (await world.StartGatewayAsync("one"), await world.StartGatewayAsync("two"));
        await BeginAsync(world.World, [5_000, 10_000], [1, 0], guards: "null, null, null, null", minRequests: 10);
        await Eventually.HoldsAsync(async () => await IsSplitAsync(world, one) && await IsSplitAsync(world, two), TimeSpan.FromSeconds(20), "the split is live on both");

        for (var i = 0; i < 40; i++) (await AskAsync(world, i % 2 == 0 ? one : two, $"user-{i}")).Dispose();
        await Eventually.HoldsAsync(async () => await IsWholeAsync(world, one) && await IsWholeAsync(world, two), TimeSpan.FromSeconds(30), "all goes to the canary, from both");
        Assert.Equal(1, await EventsAsync(world, "canary.ramp"));
    }

    [Fact]
    public async Task WithoutRedis_AGatewayCountsByItself()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        var gateway = await world.StartGatewayAsync();
        var canary = await BeginAsync(world, [5_000], [0]);
        world.Simulator.ScriptFor("sim-large", [.. Enumerable.Repeat("status=500", 1_000)]);
        var asked = 0;
        while ((await world.Configuration.IdsAsync("select id from steering_events where subject_id = $1", canary)).Length == 0)
        {
            Assert.True(asked++ < 2_000, "the canary is rolled back before that");
            using var response = await gateway.ChatAsync(world.Key, Ask.Body(), headers: ("x-gateway-user", $"user-{asked}"));
        }
    }

    private static async Task<Guid> BeginAsync(GatewayWorld world, int[] shares, int[] dwell, string guards = "0.02, 1.3, 1.15, null", int minRequests = 100)
    {
        var id = Guid.CreateVersion7();
        var first = Assert.Single(await world.Configuration.IdsAsync("select id from deployments where name = 'sim-first'"));
        await world.Configuration.WriteAsync(
            [new(ConfigurationKinds.Canary, id, world.Organisation)],
            $"""
            insert into canaries (id, organisation_id, model, deployment_id, sticky, shares, dwell_seconds, min_requests, max_error_increase, max_latency_ratio, max_cost_ratio,
                max_quality_drop, status, created_at, created_by)
            values ($1, $2, 'small', $3, 'user', $4, $5, $6, {guards}, 'running', now(), 'test')
            """,
            id, world.Organisation, first, shares, dwell, minRequests);
        return id;
    }

    private static async Task<bool> IsSplitAsync(SpendingWorld world, GatewayProcess gateway) => await CanariesAsync(world, gateway) > 0;

    private static async Task<bool> IsWholeAsync(SpendingWorld world, GatewayProcess gateway) => await CanariesAsync(world, gateway) == 12;

    // The preview plans as a request would be, and is counted nowhere.
    private static async Task<int> CanariesAsync(SpendingWorld world, GatewayProcess gateway)
    {
        var seen = 0;
        for (var i = 0; i < 12; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/route/preview") { Content = new StringContent(Ask.Body(), System.Text.Encoding.UTF8, "application/json") };
            request.Headers.Add("Authorization", "Bearer " + world.World.Key);
            request.Headers.Add("x-gateway-user", $"watcher-{i}");
            using var response = await gateway.Http.SendAsync(request);
            if ((await response.Content.ReadAsStringAsync()).Contains("\"route_reason\":\"canary:sim-first\"", StringComparison.Ordinal)) seen++;
        }
        return seen;
    }

    private static Task<HttpResponseMessage> AskAsync(SpendingWorld world, GatewayProcess gateway, string user) =>
        gateway.ChatAsync(world.World.Key, Ask.Body(), headers: ("x-gateway-user", user));

    private static async Task<int> EventsAsync(SpendingWorld world, string type) =>
        (await world.World.Configuration.IdsAsync("select id from steering_events where type = $1", type)).Length;

    private static async Task<string?> TextAsync(SpendingWorld world, string sql)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(world.World.Database);
        await using var command = source.CreateCommand(sql);
        return (string?)await command.ExecuteScalarAsync();
    }
}
