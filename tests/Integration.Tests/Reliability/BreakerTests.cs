using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Integration.Tests.Reliability;

/// <summary>A deployment that fails is left alone, by every gateway, and comes back by itself.</summary>
public sealed class BreakerTests(StoresFixture stores)
{
    private const string Body = """{"model":"chain","messages":[{"role":"user","content":"Hello"}]}""";

    private static readonly string[] Quick = ["Gateway__Reliability__OpenMs=5000", "Gateway__Reliability__RampStepMs=200", "Gateway__Reliability__Retries=0"];

    [Fact]
    public async Task FiveFailures_OpenTheCircuit_ItIsProbed_AndRampedUpAgain()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await using var gateway = await world.StartGatewayAsync("gateway", waitUntilReady: true, Quick);
        for (var i = 0; i < 6; i++) world.Simulator.ScriptFor("sim-large", "status=500");
        for (var i = 0; i < 5; i++) Assert.Equal(("sim-second", "2"), await ServedAsync(gateway, world));

        Assert.Equal(("sim-second", "1"), await ServedAsync(gateway, world));
        Assert.Equal(2, await StateAsync(gateway, "sim-first"));
        Assert.Equal("circuit_open", await DroppedAsync(gateway, world, "sim-first"));
        // The sixth script meets the first look, which fails; the next one is answered. Nobody's request fails meanwhile.
        await Eventually.HoldsAsync(
            async () => (await ServedAsync(gateway, world)).Deployment == "sim-first" && await StateAsync(gateway, "sim-first") == 0, TimeSpan.FromSeconds(60), "it has recovered");

        var states = await StatesAsync(world, "sim-first", "closed");
        Assert.Equal(["open", "open", "recovering"], states.Take(3));
        Assert.Equal("closed", states[^1]);
    }

    [Fact]
    public async Task Opened_TheNextIsRamped_AnotherTakesTheRest_AndNobodyIsRefused()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        // A third one; a ramp that lasts longer than this test, until the deployment is back.
        var provider = Assert.Single(await world.Configuration.IdsAsync("select id from providers where slug = 'sim'"));
        var third = await world.Configuration.AddDeploymentAsync(world.Organisation, "sim-third", provider, "sim-third", Assert.Single(await world.Configuration.IdsAsync("select id from credentials where provider_id = $1", provider)));
        var known = await world.Configuration.IdsAsync("select id from deployments where name in ('sim-first', 'sim-second') order by name");
        await world.Configuration.AddModelAsync(world.Organisation, "three", [.. known, third]);
        await using var gateway = await world.StartGatewayAsync("gateway", waitUntilReady: true, "Gateway__Reliability__Retries=0", "Gateway__Reliability__RampStepMs=600000");
        var body = Body.Replace("chain", "three", StringComparison.Ordinal);
        for (var i = 0; i < 5; i++) world.Simulator.ScriptFor("sim-large", "status=500");
        for (var i = 0; i < 5; i++) Assert.Equal("sim-second", (await ServedAsync(gateway, world, body)).Deployment);

        var served = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            var (deployment, attempts) = await ServedAsync(gateway, world, body);
            Assert.Equal("1", attempts);
            served.Add(deployment);
        }
        // Half each: that one of them has fewer than eight of forty happens once in a hundred thousand times.
        Assert.InRange(served.Count(d => d == "sim-second"), 8, 32);
        Assert.Equal(40, served.Count(d => d is "sim-second" or "sim-third"));
        var ramp = (await PreviewAsync(gateway, world, body)).GetProperty("ramp");
        Assert.Equal(("sim-second", "sim-first", 0.5), (ramp.GetProperty("deployment").GetString(), ramp.GetProperty("stands_in_for").GetString(), ramp.GetProperty("share").GetDouble()));
        Assert.Equal(["standing_in"], await StatesAsync(world, "sim-second", "standing_in"));
        // Whoever is alone gets all of it.
        Assert.Equal(("sim-second", "1"), await ServedAsync(gateway, world));
    }

    [Fact]
    public async Task RateLimited_Rests_UntilRetryAfter()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await using var gateway = await world.StartGatewayAsync("gateway", waitUntilReady: true, Quick);
        world.Simulator.ScriptFor("sim-large", "status=429; retry-after=8");

        Assert.Equal(("sim-second", "2"), await ServedAsync(gateway, world));
        Assert.Equal(("sim-second", "1"), await ServedAsync(gateway, world));
        Assert.Equal("resting", await DroppedAsync(gateway, world, "sim-first"));
        await Eventually.HoldsAsync(async () => await ServedAsync(gateway, world) == ("sim-first", "1"), TimeSpan.FromSeconds(30), "it has rested");
    }

    [Fact]
    public async Task OpenedByOneGateway_IsLeftAloneByTheOther_AndAloneWhenRedisIsGone()
    {
        await using var redis = await RedisServer.StartPrivateAsync();
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        string[] settings = [$"ConnectionStrings__cache={redis.ConnectionString}", "Gateway__Reliability__Retries=0"];
        await using var one = await world.StartGatewayAsync("one", waitUntilReady: true, settings);
        await using var two = await world.StartGatewayAsync("two", waitUntilReady: true, settings);
        foreach (var gateway in (GatewayProcess[])[one, two])
            await Eventually.HoldsAsync(async () => (await gateway.Http.GetStringAsync("/metrics")).Contains("llm_store_up{store=\"redis\"} 1", StringComparison.Ordinal), TimeSpan.FromSeconds(20), "Redis is up");
        for (var i = 0; i < 5; i++) world.Simulator.ScriptFor("sim-large", "status=503");
        for (var i = 0; i < 5; i++) Assert.Equal(("sim-second", "2"), await ServedAsync(one, world));

        await Eventually.HoldsAsync(async () => await StateAsync(two, "sim-first") == 2, TimeSpan.FromSeconds(30), "the other gateway knows");
        Assert.Equal(("sim-second", "1"), await ServedAsync(two, world));

        await redis.KillAsync();
        for (var i = 0; i < 5; i++) world.Simulator.ScriptFor("sim-small", "status=503");
        for (var i = 0; i < 5; i++)
        {
            using var failed = await one.ChatAsync(world.Key, """{"model":"small","messages":[{"role":"user","content":"Hello"}]}""");
            Assert.Equal(503, (int)failed.StatusCode);
        }
        Assert.Equal(2, await StateAsync(one, "sim-second"));
        // Nobody is left, so both are asked all the same.
        using var answered = await one.ChatAsync(world.Key, Body);
        Assert.True(answered.IsSuccessStatusCode);
    }

    [Fact]
    public async Task ByHand_OutAndBackWithinASecondOrSo()
    {
        await using var world = await GatewayWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await using var gateway = await world.StartGatewayAsync("gateway", waitUntilReady: true, Quick);
        var first = Assert.Single(await world.Configuration.IdsAsync("select id from deployments where name = 'sim-first'"));
        await OrderAsync("""{"is_held_open": true, "reason": "Maintenance", "by": "ada"}""");
        await Eventually.HoldsAsync(async () => await ServedAsync(gateway, world) == ("sim-second", "1"), TimeSpan.FromSeconds(10), "it is out");
        await OrderAsync($$"""{"closed_at": "{{TimeProvider.System.GetUtcNow():O}}", "reason": "Done", "by": "ada"}""");
        await Eventually.HoldsAsync(async () => await ServedAsync(gateway, world) == ("sim-first", "1"), TimeSpan.FromSeconds(10), "it is back");

        Task<long> OrderAsync(string breaker) =>
            world.Configuration.WriteAsync([new(ConfigurationKinds.Deployment, first, world.Organisation)], "update deployments set breaker = $2::jsonb where id = $1", first, breaker);
    }

    private static async Task<(string Deployment, string Attempts)> ServedAsync(GatewayProcess gateway, GatewayWorld world, string body = Body)
    {
        using var response = await gateway.ChatAsync(world.Key, body);
        response.EnsureSuccessStatusCode();
        return (response.Headers.GetValues("x-gateway-deployment").Single(), response.Headers.GetValues("x-gateway-attempts").Single());
    }

    private static async Task<int> StateAsync(GatewayProcess gateway, string deployment)
    {
        var line = (await gateway.Http.GetStringAsync("/metrics")).Split('\n').Single(l => l.StartsWith($"llm_circuit_state{{deployment=\"{deployment}\"}}", StringComparison.Ordinal));
        return int.Parse(line[^1..], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<string?> DroppedAsync(GatewayProcess gateway, GatewayWorld world, string deployment)
    {
        var preview = await PreviewAsync(gateway, world, Body);
        var candidate = preview.GetProperty("candidates").EnumerateArray().Single(c => c.GetProperty("deployment").GetString() == deployment);
        return candidate.TryGetProperty("dropped_because", out var because) ? because.GetString() : null;
    }

    private static async Task<JsonElement> PreviewAsync(GatewayProcess gateway, GatewayWorld world, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/route/preview") { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", world.Key);
        using var response = await gateway.Http.SendAsync(request);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<IReadOnlyList<string>> StatesAsync(GatewayWorld world, string deployment, string last)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(world.Database);
        var states = new List<string>();
        await Eventually.HoldsAsync(
            async () =>
            {
                states.Clear();
                await using var command = source.CreateCommand("select e.state from circuit_events e join deployments d on d.id = e.deployment_id where d.name = $1 order by e.at, e.id");
                command.Parameters.AddWithValue(deployment);
                await using var reader = await command.ExecuteReaderAsync();
                while (await reader.ReadAsync()) states.Add(reader.GetString(0));
                return states.Count > 0 && states[^1] == last;
            },
            TimeSpan.FromSeconds(30), "what the circuit did is written");
        return states;
    }
}
