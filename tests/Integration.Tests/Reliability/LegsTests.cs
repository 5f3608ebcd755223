using System.Text;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Reliability;

/// <summary>Requests with several legs end to end: a cascade of three steps, its gate over the Responses API, and where hedges and judges may not go.</summary>
public sealed class LegsTests(SpendingFixture fixture) : IClassFixture<SpendingFixture>
{
    private const string Refuses = "text=\"I cannot help with that.\"; prompt-tokens=40; completion-tokens=10";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SpendingWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ThreeSteps_GoOnToTheLast_AndAllThreeArePaid(bool stream)
    {
        var (model, _) = await LegModel.AddAsync(world, 3, "{}");
        var key = await world.AddKeyAsync();
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Monthly, 1_000_000_000);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", Refuses);
        world.World.Simulator.ScriptFor(model + "-b", "text=\"Half of\"; finish-reason=length; prompt-tokens=41; completion-tokens=11");
        world.World.Simulator.ScriptFor(model + "-c", "text=42; prompt-tokens=42; completion-tokens=12");
        var id = NewId();
        using var response = await gateway.ChatAsync(key.Secret, Streamed(Ask.Body(model: model), stream), id);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal((200, "cascade:finish_reason", "3", model + "-c"), ((int)response.StatusCode, Reason(response), Ask.Header(response, "x-gateway-attempts"), Ask.Header(response, "x-gateway-deployment")));
        Assert.Contains("42", text, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot", text, StringComparison.Ordinal);
        var cost = LegModel.CostOf(0, 40, 10) + LegModel.CostOf(1, 41, 11) + LegModel.CostOf(2, 42, 12);
        var record = await world.World.RecordAsync(id);
        Assert.Equal(("ok", cost, false, 123L, 33L), (record.Status, record.CostNanoUsd, record.Estimated, record.InputTokens, record.OutputTokens));
        Assert.Equal([model + "-a", model + "-b", model + "-c"], record.FallbackChain);
        await Eventually.HoldsAsync(async () => await world.ReadAsync(budget) == (cost, 0), Patience, "all three are settled and nothing is held");
    }

    [Fact]
    public async Task ThreeSteps_TheMiddleOneIsGoodEnough_TheLastIsNotAsked()
    {
        var (model, _) = await LegModel.AddAsync(world, 3, "{}");
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", Refuses);
        world.World.Simulator.ScriptFor(model + "-b", "text=\"Forty-two.\"; prompt-tokens=41; completion-tokens=11");
        var id = NewId();
        using var response = await gateway.ChatAsync(world.World.Key, Ask.Body(model: model), id);

        Assert.Equal((200, "cascade:refusal", model + "-b"), ((int)response.StatusCode, Reason(response), Ask.Header(response, "x-gateway-deployment")));
        Assert.Equal(LegModel.CostOf(0, 40, 10) + LegModel.CostOf(1, 41, 11), (await world.World.RecordAsync(id)).CostNanoUsd);
        Assert.DoesNotContain(world.World.Simulator.Requests, r => r.Model == model + "-c");
    }

    [Theory]
    [InlineData(false, Refuses, "", "cascade:refusal")]
    [InlineData(true, Refuses, "", "cascade:refusal")]
    [InlineData(false, "refusal=\"No.\"", "", "cascade:refusal")]
    [InlineData(true, "text=\"Half of\"; finish-reason=max_output_tokens", "", "cascade:finish_reason")]
    [InlineData(false, "text=\"{ nearly\"", "\"text\":{\"format\":{\"type\":\"json_object\"}},", "cascade:schema")]
    [InlineData(true, "text=42", "", "cascade")]
    public async Task Responses_ThatPassAsTheyAre_AreGatedLikeChats(bool stream, string first, string more, string reason)
    {
        var (model, _) = await LegModel.AddAsync(world, 2, "{}");
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", first);
        world.World.Simulator.ScriptFor(model + "-b", "text=\"{}\"");
        var id = NewId();
        using var response = await PostAsync("/v1/responses", Streamed($$"""{"model":"{{model}}",{{more}}"max_output_tokens":50,"input":"Hello, as JSON"}""", stream), ("x-request-id", id));
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal((200, reason), ((int)response.StatusCode, Reason(response)));
        Assert.Equal(model + (reason == "cascade" ? "-a" : "-b"), Ask.Header(response, "x-gateway-deployment"));
        if (stream) Assert.Contains("response.completed", text, StringComparison.Ordinal);
        Assert.Contains(reason == "cascade" ? "42" : "{}", text, StringComparison.Ordinal);
        Assert.True((await world.World.RecordAsync(id)).CostNanoUsd > 0);
    }

    [Fact]
    public async Task Responses_AreReadByTheJudgeToo()
    {
        var (judge, _) = await LegModel.AddAsync(world, 1);
        var (model, _) = await LegModel.AddAsync(world, 2, $$"""{"judge":{"model":"{{judge}}","rubric":"Correct."} }""");
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(judge + "-a", "text=0.2");
        world.World.Simulator.ScriptFor(model + "-a", "text=\"Forty-one.\"");
        using var response = await PostAsync("/v1/responses", $$"""{"model":"{{model}}","max_output_tokens":50,"input":"What is the answer?"}""");

        Assert.Equal((200, "cascade:judge"), ((int)response.StatusCode, Reason(response)));
        var asked = Encoding.UTF8.GetString(Assert.Single(world.World.Simulator.Requests, r => r.Model == judge + "-a").Body!);
        Assert.Contains("Forty-one.", asked, StringComparison.Ordinal);
        Assert.Contains("What is the answer?", asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hedge_GoesNowhereThatResidencyOrACircuitForbids(bool residency)
    {
        var (model, ids) = await LegModel.AddAsync(world, 3, reliability: LegModel.Hedged);
        var headers = await ForbidAsync(residency, model + "-b", ids[1], [ids[0], ids[2]]);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "stall-before-first");
        using var response = await gateway.ChatAsync(world.World.Key, Ask.Body(model: model), NewId(), headers: headers);

        Assert.Equal((200, "hedged", model + "-c"), ((int)response.StatusCode, Reason(response), Ask.Header(response, "x-gateway-deployment")));
        Assert.DoesNotContain(world.World.Simulator.Requests, r => r.Model == model + "-b");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Hedge_WithNobodyLeft_WaitsForTheFirst(bool residency)
    {
        var (model, ids) = await LegModel.AddAsync(world, 2, reliability: LegModel.Hedged);
        var headers = await ForbidAsync(residency, model + "-b", ids[1], [ids[0]]);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "latency-ms=300");
        using var response = await gateway.ChatAsync(world.World.Key, Ask.Body(model: model), NewId(), headers: headers);

        Assert.Equal((200, "1", model + "-a"), ((int)response.StatusCode, Ask.Header(response, "x-gateway-attempts"), Ask.Header(response, "x-gateway-deployment")));
        Assert.DoesNotContain(world.World.Simulator.Requests, r => r.Model == model + "-b");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Judge_AbstainsWhereItMayNotRun_AndRunsWhereItMay(bool residency)
    {
        var (judge, ids) = await LegModel.AddAsync(world, 2);
        var (model, own) = await LegModel.AddAsync(world, 2, $$"""{"judge":{"model":"{{judge}}","rubric":"Correct."} }""");
        var headers = await ForbidAsync(residency, judge + "-a", ids[0], [ids[1], .. own]);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(judge + "-b", "text=0.1");
        world.World.Simulator.ScriptFor(model + "-a", "text=\"Forty-one.\"");
        using (var asked = await gateway.ChatAsync(world.World.Key, Ask.Body(model: model), NewId(), headers: headers))
            Assert.Equal((200, "cascade:judge"), ((int)asked.StatusCode, Reason(asked)));
        Assert.DoesNotContain(world.World.Simulator.Requests, r => r.Model == judge + "-a");

        // The other one may not either: nobody is asked, and the answer stands.
        if (residency) await LegModel.ChangeAsync(world, ids[1], "region = 'us-east-1'");
        else await TakeOutAsync(judge + "-b", ids[1]);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "text=\"Forty-one.\"");
        using var alone = await gateway.ChatAsync(world.World.Key, Ask.Body(model: model), NewId(), headers: headers);
        Assert.Equal((200, "cascade", "1"), ((int)alone.StatusCode, Reason(alone), Ask.Header(alone, "x-gateway-attempts")));
        Assert.Single(world.World.Simulator.Requests, r => r.Model == judge + "-b");
    }

    // Keeps requests with the returned headers from one deployment, and lets the others be.
    private async Task<(string, string)[]> ForbidAsync(bool residency, string name, Guid forbidden, Guid[] allowed)
    {
        if (!residency)
        {
            await TakeOutAsync(name, forbidden);
            return [];
        }
        await LegModel.ChangeAsync(world, forbidden, "region = 'us-east-1'");
        foreach (var each in allowed) await LegModel.ChangeAsync(world, each, "region = 'eu-west-3'");
        var (rule, kind) = (Guid.CreateVersion7(), "c" + Guid.NewGuid().ToString("N")[..10]);
        await world.World.Configuration.WriteAsync(
            [new(ConfigurationKinds.Residency, rule, world.World.Organisation)],
            "insert into residency_rules (id, organisation_id, scope_kind, scope_id, regions, created_at, created_by) values ($1, $2, 'data_class', $3, $4, now(), 'test')",
            rule, world.World.Organisation, kind, (string[])["eu-*"]);
        return [("x-gateway-data-class", kind)];
    }

    // Orders by hand are followed a moment after the configuration has come.
    private async Task TakeOutAsync(string name, Guid deployment)
    {
        await LegModel.ChangeAsync(world, deployment, """breaker = '{"is_held_open": true, "reason": "Maintenance", "by": "ada"}'""");
        await Eventually.HoldsAsync(
            async () => (await gateway.Http.GetStringAsync("/metrics")).Contains($"llm_circuit_state{{deployment=\"{name}\"}} 2", StringComparison.Ordinal), Patience, "it is out");
    }

    private async Task<HttpResponseMessage> PostAsync(string path, string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new("Bearer", world.World.Key);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return await gateway.Http.SendAsync(request);
    }

    private static string Streamed(string body, bool stream) => stream ? body.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal) : body;

    private static string NewId() => "legs-" + Guid.NewGuid().ToString("N");

    private static string Reason(HttpResponseMessage response) => Ask.Header(response, "x-gateway-route-reason");
}
