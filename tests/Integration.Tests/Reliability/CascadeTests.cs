using System.Net.Http.Json;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;
using Npgsql;

namespace AspireGateway.Integration.Tests.Reliability;

/// <summary>Cheap first, dearer only when the answer is not good enough, and every answer in the books. A token costs 150 nano-USD in and 600 out, ten times that at the second step.</summary>
public sealed class CascadeTests(SpendingFixture fixture) : IClassFixture<SpendingFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SpendingWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Refusal_LeadsOn_EveryLegIsPaidToTheNanoUsd(bool stream, bool anthropic)
    {
        var model = await AddModelAsync();
        var key = await world.AddKeyAsync();
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Monthly, 100_000_000);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "text=\"I am sorry, but I cannot help with that.\"; prompt-tokens=40; completion-tokens=10");
        world.World.Simulator.ScriptFor(model + "-b", "text=\"Yes\"; prompt-tokens=50; completion-tokens=20");
        var id = NewId();
        var body = Ask.Body(model: model).Replace("{\"model\"", stream ? "{\"stream\":true,\"model\"" : "{\"model\"", StringComparison.Ordinal);
        using var response = anthropic ? await Ask.MessagesAsync(gateway, key.Secret, body, ("x-request-id", id)) : await gateway.ChatAsync(key.Secret, body, id);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal((200, "cascade:refusal", "2", model + "-b"), ((int)response.StatusCode, Reason(response), Ask.Header(response, "x-gateway-attempts"), Ask.Header(response, "x-gateway-deployment")));
        Assert.DoesNotContain("sorry", text, StringComparison.Ordinal);
        Assert.Contains("Yes", text, StringComparison.Ordinal);
        const long First = 40 * 150 + 10 * 600, Second = 10 * (50 * 150 + 20 * 600);
        var record = await world.World.RecordAsync(id);
        Assert.Equal(("ok", First + Second, false, 90L, 30L), (record.Status, record.CostNanoUsd, record.Estimated, record.InputTokens, record.OutputTokens));
        var attempts = await AttemptsAsync(id);
        Assert.Equal([First, Second], attempts.Select(a => a.GetProperty("cost_nano_usd").GetInt64()));
        Assert.Equal(("refusal", 0.0), (attempts[0].GetProperty("gate").GetString(), attempts[0].GetProperty("score").GetDouble()));
        await Eventually.HoldsAsync(async () => await world.ReadAsync(budget) == (First + Second, 0), Patience, "both are settled and nothing is held");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GoodAnswer_StandsAtOnce(bool stream)
    {
        var model = await AddModelAsync();
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "text=\"Paris is the capital.\"");
        var id = NewId();
        using var response = await gateway.ChatAsync(world.World.Key, Ask.Body(model: model).Replace("{\"model\"", stream ? "{\"stream\":true,\"model\"" : "{\"model\"", StringComparison.Ordinal), id);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal((200, "cascade", "1"), ((int)response.StatusCode, Reason(response), Ask.Header(response, "x-gateway-attempts")));
        Assert.Contains("Paris", text, StringComparison.Ordinal);
        if (stream) Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain(world.World.Simulator.Requests, r => r.Model == model + "-b");
        Assert.Equal(1, Assert.Single(await AttemptsAsync(id)).GetProperty("score").GetDouble());
    }

    [Fact]
    public async Task InvalidJson_LeadsOn()
    {
        var model = await AddModelAsync();
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "text=\"{ nearly\"");
        const string Format = "\"response_format\":" + """{"type":"json_schema","json_schema":{"name":"n","strict":true,"schema":{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"],"additionalProperties":false}}}""";
        var id = NewId();
        using var response = await gateway.ChatAsync(world.World.Key, Ask.Body(model: model, maxTokens: 200).Replace("{\"model\"", $"{{{Format},\"model\"", StringComparison.Ordinal), id);
        var content = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;

        Assert.Equal("cascade:schema", Reason(response));
        Assert.True(JsonDocument.Parse(content).RootElement.TryGetProperty("n", out _));
    }

    [Theory]
    [InlineData("0.3", "cascade:judge", 3)]
    [InlineData("0.9", "cascade", 2)]
    // A judge that says no number abstains.
    [InlineData("fine", "cascade", 2)]
    public async Task Judge_DecidesByItsScore_AndIsPaidFor(string says, string reason, int attempts)
    {
        var judge = await AddModelAsync(cascade: null);
        var model = await AddModelAsync($$"""{"judge":{"model":"{{judge}}","rubric":"Correct."} }""");
        var key = await world.AddKeyAsync();
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Monthly, 1_000_000_000);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(judge + "-a", $"text=\"{says}\"; prompt-tokens=100; completion-tokens=5");
        world.World.Simulator.ScriptFor(model + "-a", "text=\"Forty-two.\"; prompt-tokens=40; completion-tokens=10");
        world.World.Simulator.ScriptFor(model + "-b", "prompt-tokens=50; completion-tokens=20");
        var id = NewId();
        using var response = await gateway.ChatAsync(key.Secret, Ask.Body(model: model), id);
        await response.Content.ReadAsStringAsync();

        Assert.Equal((200, reason), ((int)response.StatusCode, Reason(response)));
        var cost = 40 * 150 + 10 * 600 + 100 * 150 + 5 * 600 + (attempts == 3 ? 10 * (50 * 150 + 20 * 600) : 0);
        var record = await world.World.RecordAsync(id);
        Assert.Equal((cost, false), (record.CostNanoUsd, record.Estimated));
        var noted = await AttemptsAsync(id);
        Assert.Equal((attempts, cost), (noted.Count, noted.Sum(a => a.GetProperty("cost_nano_usd").GetInt64())));
        Assert.Single(noted, a => a.TryGetProperty("role", out var role) && role.GetString() == "judge");
        await Eventually.HoldsAsync(async () => await world.ReadAsync(budget) == (cost, 0), Patience, "all are settled and nothing is held");
        var asked = Assert.Single(world.World.Simulator.Requests, r => r.Model == judge + "-a");
        Assert.Contains("Forty-two.", System.Text.Encoding.UTF8.GetString(asked.Body!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CallerLeaves_WhileAnAnswerIsHeld_ItIsCharged(bool atTheJudge)
    {
        var judge = await AddModelAsync(cascade: null);
        var model = await AddModelAsync($$"""{"judge":{"model":"{{judge}}","rubric":"Correct."} }""");
        var key = await world.AddKeyAsync();
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Monthly, 1_000_000_000);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "text=\"Forty-two.\"; prompt-tokens=40; completion-tokens=10" + (atTheJudge ? "" : "; stall-after=1"));
        world.World.Simulator.ScriptFor(judge + "-a", "stall-before-first");
        using var leaves = new CancellationTokenSource();
        var id = NewId();
        var body = Ask.Body(model: model).Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal);
        var call = gateway.ChatAsync(key.Secret, body, id, leaves.Token);
        await world.World.Simulator.WaitForRequestAsync(r => r.Model == (atTheJudge ? judge : model) + "-a" && (atTheJudge || r.ChunksSent > 0));
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        var record = await world.World.RecordAsync(id);
        Assert.Equal(("aborted", true), (record.Status, record.Estimated));
        if (atTheJudge) Assert.True(record.CostNanoUsd > 40 * 150 + 10 * 600, "the answer by its report, the judge by an estimate");
        else Assert.InRange(record.CostNanoUsd, 1, 100_000);
        await Eventually.HoldsAsync(async () => await world.ReadAsync(budget) == (record.CostNanoUsd, 0), Patience, "it is settled and nothing is held");
    }

    [Fact]
    public async Task LastStep_StandsWhateverItSays_AndFailedSteps_GiveTheAnswerBefore()
    {
        var model = await AddModelAsync();
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "text=\"I cannot help with that.\"");
        world.World.Simulator.ScriptFor(model + "-b", "text=\"I cannot help with that either.\"");
        using (var last = await gateway.ChatAsync(world.World.Key, Ask.Body(model: model)))
            Assert.Contains("either", await last.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        foreach (var (stream, trouble) in new[] { (false, "status=503"), (true, "stall-before-first") })
        {
            world.World.Simulator.ScriptFor(model + "-a", "text=\"I cannot help with that.\"; prompt-tokens=40; completion-tokens=10");
            world.World.Simulator.ScriptFor(model + "-b", trouble);
            var id = NewId();
            var body = Ask.Body(model: model).Replace("{\"model\"", stream ? "{\"stream\":true,\"model\"" : "{\"model\"", StringComparison.Ordinal);
            using var kept = await gateway.ChatAsync(world.World.Key, body, id, headers: ("x-gateway-timeout-ms", "1500"));

            Assert.Equal((200, "cascade:kept", model + "-a"), ((int)kept.StatusCode, Reason(kept), Ask.Header(kept, "x-gateway-deployment")));
            Assert.Contains("cannot", await kept.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            var record = await world.World.RecordAsync(id);
            Assert.Equal(("ok", 40L * 150 + 10 * 600, model + "-a"), (record.Status, record.CostNanoUsd, record.Deployment));
        }
    }

    [Fact]
    public async Task BudgetForOneAnswer_NoEscalation()
    {
        var model = await AddModelAsync();
        var key = await world.AddKeyAsync();
        // The dearer answer is held at some 2,000,000, both at 2,200,000.
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Monthly, 2_100_000);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "text=\"I cannot help with that.\"");
        using var response = await gateway.ChatAsync(key.Secret, Ask.Body(model: model));

        Assert.Equal((200, "cascade", "1"), ((int)response.StatusCode, Reason(response), Ask.Header(response, "x-gateway-attempts")));
        await Eventually.HoldsAsync(async () => await world.ReadAsync(budget) is { Held: 0, Settled: > 0 }, Patience, "nothing is held");
    }

    [Fact]
    public async Task StreamThatIsTooLongToHold_StandsAndFlows()
    {
        var model = await AddModelAsync();
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "body-bytes=2000000; finish-reason=length");
        var body = Ask.Body(model: model, maxTokens: null).Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal);
        using var response = await gateway.ChatAsync(world.World.Key, body);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("cascade", Reason(response));
        Assert.True(text.Length > 2_000_000);
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preview_NamesTheSteps_AndWhatAllOfThemCost()
    {
        var model = await AddModelAsync();
        await world.AppliedAsync(gateway);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/route/preview") { Content = new StringContent(Ask.Body(model: model), System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", world.World.Key);
        using var response = await gateway.Http.SendAsync(request);
        var preview = await response.Content.ReadFromJsonAsync<JsonElement>();

        var cascade = preview.GetProperty("cascade");
        Assert.Equal([model + "-a", model + "-b"], cascade.GetProperty("steps").EnumerateArray().Select(s => s.GetProperty("deployment").GetString()));
        var each = cascade.GetProperty("steps").EnumerateArray().Select(s => decimal.Parse(s.GetProperty("worst_case_cost_usd").GetString()!, System.Globalization.CultureInfo.InvariantCulture)).Sum();
        Assert.Equal(each, decimal.Parse(preview.GetProperty("worst_case_cost_usd").GetString()!, System.Globalization.CultureInfo.InvariantCulture));
    }

    private static string NewId() => "cascade-" + Guid.NewGuid().ToString("N");

    private static string Reason(HttpResponseMessage response) => Ask.Header(response, "x-gateway-route-reason");

    // Two deployments of its own, so that no script of another test meets them.
    private async Task<string> AddModelAsync(string? cascade = "{}")
    {
        var name = "c" + Guid.NewGuid().ToString("N")[..10];
        var configuration = world.World.Configuration;
        var provider = Assert.Single(await configuration.IdsAsync("select id from providers where slug = 'sim'"));
        var credential = Assert.Single(await configuration.IdsAsync("select id from credentials where organisation_id = $1", world.World.Organisation));
        var ids = new List<Guid>();
        foreach (var (each, price) in new[] { (name + "-a", """{"input":150000000,"output":600000000}"""), (name + "-b", """{"input":1500000000,"output":6000000000}""") })
        {
            var deployment = await configuration.AddDeploymentAsync(world.World.Organisation, each, provider, each, credential);
            await configuration.AddPriceAsync(world.World.Organisation, deployment, price, DateTimeOffset.UnixEpoch);
            ids.Add(deployment);
        }
        var model = await configuration.AddModelAsync(world.World.Organisation, name, ids);
        if (cascade is not null)
        {
            await configuration.WriteAsync(
                [new(ConfigurationKinds.Model, model, world.World.Organisation)],
                """update models set strategy = 'cascade', cascade = $2::jsonb, reliability = '{"retries":0}' where id = $1""", model, cascade);
        }
        return name;
    }

    private async Task<IReadOnlyList<JsonElement>> AttemptsAsync(string requestId)
    {
        // The record first: the journey goes with it.
        await world.World.RecordAsync(requestId);
        await using var source = NpgsqlDataSource.Create(world.World.Database);
        await using var command = source.CreateCommand("select j.document::text from journeys j join usage_records r using (id) where r.request_id = $1");
        command.Parameters.Add(new() { Value = requestId });
        return [.. JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!).RootElement.GetProperty("attempts").EnumerateArray()];
    }
}
