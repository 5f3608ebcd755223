using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Spending;

/// <summary>What limited requests meet while the ledger's Redis is dead, paused or full, and that they find back by themselves.</summary>
public sealed class StoreFailureTests(StoresFixture stores, ITestOutputHelper output)
{
    private const string Body = """{"model":"small","max_tokens":50,"messages":[{"role":"user","content":"Hello"}]}""";
    private const int Requests = 60;

    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Closed_RedisDeadAtStart_Is503InTheCallersDialect_WithoutACallUpstream_AndIsServedWhenItComes()
    {
        await using var world = await WorldAsync();
        await world.Redis.StopAsync();
        await using var gateway = await world.StartGatewayAsync();

        using (var response = await gateway.ChatAsync(world.World.Key, Body, "dead-openai"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
            Assert.Equal("store_unavailable", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetProperty("code").GetString());
        }
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = new StringContent(Body, Encoding.UTF8, "application/json") })
        {
            request.Headers.Add("x-api-key", world.World.Key);
            request.Headers.Add("anthropic-version", "2023-06-01");
            using var response = await gateway.Http.SendAsync(request);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            var error = await response.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal("error", error.GetProperty("type").GetString());
            Assert.Contains("looked up", error.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
        }
        Assert.Empty(world.World.Simulator.Requests);
        Assert.Equal("degraded", (await LedgerCheckAsync(gateway)).GetProperty("status").GetString());
        var record = await world.World.RecordAsync("dead-openai");
        Assert.Equal((503, "store_unavailable", 0L), (record.StatusCode, record.Error, record.CostNanoUsd));

        await world.Redis.StartAsync();
        await ServedAsync(world, gateway);
        await Eventually.HoldsAsync(async () => (await LedgerCheckAsync(gateway)).GetProperty("status").GetString() == "healthy", Recovery, "the ledger is well again");
    }

    [Fact]
    public async Task Closed_RedisKilledPausedAndFull_Refuses_Recovers_AndLogsTheChangesOnly()
    {
        await using var world = await WorldAsync();
        // Which changes are told is looked at, not how soon a machine full of tests connects.
        var gateway = await world.StartGatewayAsync("gateway", $"ConnectionStrings__cache={world.Redis.ConnectionString},connectTimeout=10000");
        await ServedAsync(world, gateway);

        await world.Redis.KillAsync();
        await RefusedAsync(world, gateway);
        await world.Redis.StartAsync();
        await ServedAsync(world, gateway);

        await world.Redis.FreezeAsync();
        await RefusedAsync(world, gateway);
        await world.Redis.ThawAsync();
        await ServedAsync(world, gateway);

        await world.CommandAsync("CONFIG", "SET", "maxmemory", "1");
        await RefusedAsync(world, gateway);
        Assert.Equal("degraded", (await LedgerCheckAsync(gateway)).GetProperty("status").GetString());
        await world.CommandAsync("CONFIG", "SET", "maxmemory", "0");
        await ServedAsync(world, gateway);

        var written = (await gateway.StopAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        // "up" and "down" in turn: a line for each change, none for what stays as it is.
        var changes = written.Where(line => line.Contains("RedisClient[", StringComparison.Ordinal) && !line.Contains("ended by us", StringComparison.Ordinal))
            .Select(line => line.Contains(" is up", StringComparison.Ordinal) ? "up" : line.Contains(" is down", StringComparison.Ordinal) ? "down" : line).ToList();
        Assert.True(changes[0] == "up", string.Join("\n", written));
        Assert.InRange(changes.Count(change => change == "down"), 2, int.MaxValue);
        Assert.All(changes.Zip(changes.Skip(1)), pair => Assert.Equal(pair.First == "up" ? "down" : "up", pair.Second));
        // A full server is up: that it refuses is a line of its own, as is that it takes requests again.
        Assert.Single(written, line => line.Contains("Redis refuses reservations (OOM)", StringComparison.Ordinal));
        Assert.Single(written, line => line.Contains("Redis takes reservations again", StringComparison.Ordinal));
        // Of 180 refused requests and more no line speaks: what is left are the start, the changes and what each brings about.
        Assert.InRange(written.Length, 1, 20 + 3 * changes.Count);
        output.WriteLine($"{written.Length} lines, {changes.Count} changes");
    }

    [Fact]
    public async Task RedisThatMayEvict_IsSaidByTheHealthCheck()
    {
        await using var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync(), "allkeys-lru");
        await using var gateway = await world.StartGatewayAsync();

        await Eventually.HoldsAsync(
            async () => await LedgerCheckAsync(gateway) is var check && check.GetProperty("status").GetString() == "degraded"
                && check.GetProperty("data").GetProperty("maxmemory_policy").GetString() == "allkeys-lru"
                && check.GetProperty("description").GetString()!.Contains("noeviction", StringComparison.Ordinal),
            Recovery, "the policy is said to be wrong");
    }

    [Fact]
    public async Task Local_RedisDead_GoesOnCountingInTheProcess_AndBringsItsCountsBack()
    {
        await using var world = await WorldAsync();
        await world.ChangeOrganisationAsync("store_policy = 'local'");
        await world.LimitAsync(ScopeKinds.User, null, LimitUnits.Requests, 30, LimitPeriods.Day);
        var budget = await world.BudgetAsync(ScopeKinds.Team, world.World.Team.ToString(), BudgetPeriods.Monthly, 1_000_000_000);
        await using var gateway = await world.StartGatewayAsync();
        using (var before = await gateway.ChatAsync(world.World.Key, Body)) Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        await world.SettledAsync(budget, Recovery);
        await world.Redis.KillAsync();

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 5; i++)
        {
            using var response = await gateway.ChatAsync(world.World.Key, Body, headers: ("x-gateway-user", "anna"));
            statuses.Add(response.StatusCode);
        }
        // A burst of three a user, counted here.
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests], statuses);

        await world.Redis.StartAsync();
        await world.SettledAsync(budget, Recovery);
        Assert.Equal(4, (await world.World.RecordsAsync()).Count(record => record is { Status: "ok", CostNanoUsd: > 0 }));
        await ServedAsync(world, gateway);
        await world.SettledAsync(budget, Recovery);
    }

    private async Task<SpendingWorld> WorldAsync()
    {
        var world = await SpendingWorld.CreateAsync(await stores.Postgres.CreateDatabaseAsync());
        await world.LimitAsync(ScopeKinds.Key, null, LimitUnits.Concurrency, 1_000);
        return world;
    }

    private static async Task<JsonElement> LedgerCheckAsync(GatewayProcess gateway) => (await gateway.ReadyAsync()).GetProperty("checks").GetProperty("ledger");

    private static Task<TimeSpan> ServedAsync(SpendingWorld world, GatewayProcess gateway) => Eventually.HoldsAsync(
        async () =>
        {
            using var response = await gateway.ChatAsync(world.World.Key, Body);
            return response.StatusCode == HttpStatusCode.OK;
        },
        Recovery, "requests are served");

    private static async Task RefusedAsync(SpendingWorld world, GatewayProcess gateway)
    {
        await Eventually.HoldsAsync(
            async () =>
            {
                using var response = await gateway.ChatAsync(world.World.Key, Body);
                return response.StatusCode == HttpStatusCode.ServiceUnavailable;
            },
            Recovery, "requests are refused");
        var upstream = world.World.Simulator.Requests.Count;
        for (var i = 0; i < Requests; i++)
        {
            var started = Stopwatch.GetTimestamp();
            using var response = await gateway.ChatAsync(world.World.Key, Body);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        }
        Assert.Equal(upstream, world.World.Simulator.Requests.Count);
    }
}
