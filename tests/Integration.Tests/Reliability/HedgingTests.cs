using System.Net.Http.Json;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Npgsql;

namespace AspireGateway.Integration.Tests.Reliability;

/// <summary>A second deployment rescues a slow first one: one reply, both paid for, nothing left held. A token costs 150 nano-USD in and 600 out.</summary>
public sealed class HedgingTests(SpendingFixture fixture) : IClassFixture<SpendingFixture>
{
    private const string Quick = """{"retries":0,"hedge":{"after_at_least_ms":1,"after_at_most_ms":30,"most_percent":50}}""";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SpendingWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task SlowFirst_IsRescued_AndBothArePaidFor(bool stream, bool anthropic)
    {
        var model = await AddModelAsync(Quick);
        var key = await world.AddKeyAsync();
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Monthly, 10_000_000);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "stall-before-first");
        var id = "hedge-" + Guid.NewGuid().ToString("N");
        var body = Ask.Body(model: model).Replace("{\"model\"", stream ? "{\"stream\":true,\"model\"" : "{\"model\"", StringComparison.Ordinal);
        using var response = anthropic ? await Ask.MessagesAsync(gateway, key.Secret, body, ("x-request-id", id)) : await gateway.ChatAsync(key.Secret, body, id);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal((200, "hedged", "2"), ((int)response.StatusCode, Ask.Header(response, "x-gateway-route-reason"), Ask.Header(response, "x-gateway-attempts")));
        Assert.Equal(model + "-b", Ask.Header(response, "x-gateway-deployment"));
        if (stream) Assert.Contains(anthropic ? "message_stop" : "[DONE]", text, StringComparison.Ordinal);
        await world.World.Simulator.WaitForRequestAsync(r => r.Model == model + "-a" && r.Aborted);

        var record = await world.World.RecordAsync(id);
        Assert.Equal(("ok", model + "-b", true), (record.Status, record.Deployment, record.Estimated));
        Assert.Equal([model + "-a", model + "-b"], record.FallbackChain);
        var attempts = await AttemptsAsync(id);
        Assert.Equal(["hedge_lost", "ok"], attempts.Select(a => a.GetProperty("outcome").GetString()));
        var costs = attempts.Select(a => a.GetProperty("cost_nano_usd").GetInt64()).ToList();
        Assert.All(costs, cost => Assert.True(cost > 0));
        Assert.Equal(record.CostNanoUsd, costs.Sum());
        await Eventually.HoldsAsync(async () => await world.ReadAsync(budget) == (record.CostNanoUsd, 0), Patience, "both are settled and nothing is held");
    }

    [Fact]
    public async Task BudgetForOneOnly_FirstIsWaitedFor()
    {
        var model = await AddModelAsync(Quick);
        var key = await world.AddKeyAsync();
        // One such request is held at some 210,000; two do not fit.
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Monthly, 300_000);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "latency-ms=400");
        using var response = await gateway.ChatAsync(key.Secret, Ask.Body(model: model));

        Assert.Equal((200, "1", model + "-a"), ((int)response.StatusCode, Ask.Header(response, "x-gateway-attempts"), Ask.Header(response, "x-gateway-deployment")));
        await Eventually.HoldsAsync(async () => await world.ReadAsync(budget) is { Held: 0, Settled: > 0 }, Patience, "nothing is held");
        Assert.DoesNotContain(world.World.Simulator.Requests, r => r.Model == model + "-b");
    }

    [Fact]
    public async Task BothFail_TheRequestFailsAsAnyOther()
    {
        var model = await AddModelAsync(Quick);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "latency-ms=1500; status=503");
        world.World.Simulator.ScriptFor(model + "-b", "status=500");
        var id = "hedge-" + Guid.NewGuid().ToString("N");
        using var response = await gateway.ChatAsync(world.World.Key, Ask.Body(model: model), id);

        Assert.Equal((503, "2"), ((int)response.StatusCode, Ask.Header(response, "x-gateway-attempts")));
        var record = await world.World.RecordAsync(id);
        Assert.Equal(("failed", 0L), (record.Status, record.CostNanoUsd));
    }

    [Fact]
    public async Task FirstFailsWhileTheSecondRuns_SecondServes()
    {
        var model = await AddModelAsync(Quick);
        await world.AppliedAsync(gateway);
        // Long enough for a busy machine to ask the second one before the first has failed, and to hear of that before the second answers.
        world.World.Simulator.ScriptFor(model + "-a", "latency-ms=1500; status=400");
        world.World.Simulator.ScriptFor(model + "-b", "latency-ms=3500");
        using var response = await gateway.ChatAsync(world.World.Key, Ask.Body(model: model));

        Assert.Equal((200, model + "-b", "2"), ((int)response.StatusCode, Ask.Header(response, "x-gateway-deployment"), Ask.Header(response, "x-gateway-attempts")));
    }

    [Fact]
    public async Task BothAnswerAtOnce_OneReplyEach_AndTheBooksBalance()
    {
        var model = await AddModelAsync("""{"retries":0,"hedge":{"after_at_least_ms":1,"after_at_most_ms":1,"most_percent":50}}""");
        var key = await world.AddKeyAsync();
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Monthly, 1_000_000_000);
        await world.AppliedAsync(gateway);
        const int Calls = 40;
        for (var i = 0; i < Calls; i++) world.World.Simulator.ScriptFor(model + "-a", "latency-ms=3");
        var ids = Enumerable.Range(0, Calls).Select(i => $"race-{model}-{i}").ToList();
        foreach (var id in ids)
        {
            using var response = await gateway.ChatAsync(key.Secret, Ask.Body(model: model), id);
            Assert.Equal(200, (int)response.StatusCode);
            Assert.Single((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("choices").EnumerateArray());
        }

        var cost = 0L;
        foreach (var id in ids)
        {
            var record = await world.World.RecordAsync(id);
            Assert.Equal("ok", record.Status);
            cost += record.CostNanoUsd;
        }
        await Eventually.HoldsAsync(async () => await world.ReadAsync(budget) == (cost, 0), Patience, "what was settled is what the records say");
    }

    [Fact]
    public async Task CallerLeaves_BothAreCancelled_AndNothingStaysHeld()
    {
        var model = await AddModelAsync(Quick);
        var key = await world.AddKeyAsync();
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Monthly, 10_000_000);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "stall-before-first");
        world.World.Simulator.ScriptFor(model + "-b", "stall-before-first");
        using var leaves = new CancellationTokenSource();
        var call = gateway.ChatAsync(key.Secret, Ask.Body(model: model), cancellationToken: leaves.Token);
        await world.World.Simulator.WaitForRequestAsync(r => r.Model == model + "-b");
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        await world.World.Simulator.WaitForRequestAsync(r => r.Model == model + "-a" && r.Aborted);
        await world.World.Simulator.WaitForRequestAsync(r => r.Model == model + "-b" && r.Aborted);
        await Eventually.HoldsAsync(async () => await world.ReadAsync(budget) is { Held: 0, Settled: > 0 }, Patience, "both are charged and nothing is held");
    }

    [Fact]
    public async Task ToolThatTheProviderRuns_IsNotHedged()
    {
        var model = await AddModelAsync(Quick);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "latency-ms=400; lenient");
        var body = Ask.Body(model: model).Replace("{\"model\"", "{\"web_search_options\":{},\"model\"", StringComparison.Ordinal);
        using var response = await gateway.ChatAsync(world.World.Key, body);

        Assert.Equal((200, "1"), ((int)response.StatusCode, Ask.Header(response, "x-gateway-attempts")));
    }

    // Two deployments of its own, so that no script of another test meets them.
    private async Task<string> AddModelAsync(string reliability)
    {
        var name = "h" + Guid.NewGuid().ToString("N")[..10];
        var configuration = world.World.Configuration;
        var provider = Assert.Single(await configuration.IdsAsync("select id from providers where slug = 'sim'"));
        var credential = Assert.Single(await configuration.IdsAsync("select id from credentials where organisation_id = $1", world.World.Organisation));
        var ids = new List<Guid>();
        foreach (var each in (string[])[name + "-a", name + "-b"])
        {
            var deployment = await configuration.AddDeploymentAsync(world.World.Organisation, each, provider, each, credential);
            await configuration.AddPriceAsync(world.World.Organisation, deployment, """{"input":150000000,"cache_read":75000000,"output":600000000}""", DateTimeOffset.UnixEpoch);
            ids.Add(deployment);
        }
        var model = await configuration.AddModelAsync(world.World.Organisation, name, ids);
        await configuration.WriteAsync([new(ConfigurationKinds.Model, model, world.World.Organisation)], "update models set reliability = $2::jsonb where id = $1", model, reliability);
        return name;
    }

    private async Task<IReadOnlyList<JsonElement>> AttemptsAsync(string requestId)
    {
        await using var source = NpgsqlDataSource.Create(world.World.Database);
        await using var command = source.CreateCommand("select j.document::text from journeys j join usage_records r using (id) where r.request_id = $1");
        command.Parameters.Add(new() { Value = requestId });
        return [.. JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!).RootElement.GetProperty("attempts").EnumerateArray()];
    }
}
