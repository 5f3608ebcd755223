using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Guardrails;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Integration.Tests.Guardrails;

/// <summary>Replies that shall be JSON: what comes back when the first one is not, and what all of them cost. A token costs 150 nano-USD in and 600 out, ten times that at the second deployment.</summary>
public sealed class ReplyFormatTests(SpendingFixture fixture) : IClassFixture<SpendingFixture>
{
    private const string Right = "text={\"n\":1}; prompt-tokens=50; completion-tokens=20";
    private const string Wrong = "text=\"{ nearly\"; prompt-tokens=40; completion-tokens=10";
    private const string Schema = """{"type":"object","properties":{"n":{"type":"integer"}},"required":["n"],"additionalProperties":false}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SpendingWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Theory]
    [InlineData("/v1/chat/completions", false)]
    [InlineData("/v1/chat/completions", true)]
    [InlineData("/v1/messages", false)]
    [InlineData("/v1/messages", true)]
    [InlineData("/v1/responses", false)]
    [InlineData("/v1/responses", true)]
    public async Task Retry_WrongThenRight_TheCallerSeesTheRightOneAndBothArePaid(string path, bool stream)
    {
        var model = await AddModelAsync(new() { Level = GuardrailLevels.Standard, Schema = Schema });
        var key = await world.AddKeyAsync();
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Monthly, 100_000_000);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", Wrong, Right);
        using var response = await PostAsync(key.Secret, path, model, stream);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal((200, "reply_format:retry", "2", "reply_format;reply;block;NOT_JSON=1"), (
            (int)response.StatusCode, Ask.Header(response, "x-gateway-route-reason"), Ask.Header(response, "x-gateway-attempts"), Ask.Header(response, "x-gateway-guardrails")));
        Assert.DoesNotContain("nearly", text, StringComparison.Ordinal);
        Assert.Contains("""n\":""", text, StringComparison.Ordinal);
        const long Cost = 40 * 150 + 10 * 600 + 50 * 150 + 20 * 600;
        var record = await world.World.RecordAsync(Ask.Header(response, "x-request-id"));
        Assert.Equal(("ok", Cost, false, 90L, 30L), (record.Status, record.CostNanoUsd, record.Estimated, record.InputTokens, record.OutputTokens));
        Assert.Equal(["reply_format"], record.Guardrails);
        await Eventually.HoldsAsync(async () => await world.ReadAsync(budget) == (Cost, 0), Patience, "both are settled and nothing is held");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Repair_ShowsTheModelWhatIsAmiss(bool stream)
    {
        var model = await AddModelAsync(new() { Level = GuardrailLevels.Standard, Schema = Schema, OnInvalid = [InvalidReplySteps.Repair] });
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "text={\"n\":\"one\"}", Right);
        using var response = await PostAsync(world.World.Key, "/v1/messages", model, stream);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal((200, "reply_format:repair"), ((int)response.StatusCode, Ask.Header(response, "x-gateway-route-reason")));
        Assert.DoesNotContain("one", text, StringComparison.Ordinal);
        var asked = world.World.Simulator.Requests.Where(request => request.Model == model + "-a").ToArray();
        Assert.Equal(2, asked.Length);
        var question = Encoding.UTF8.GetString(asked[1].Body!);
        Assert.Contains("/n: type", question, StringComparison.Ordinal);
        Assert.DoesNotContain("What is n?", question, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fallback_AsksTheNextDeployment()
    {
        var model = await AddModelAsync(new() { Level = GuardrailLevels.Standard, Schema = Schema, OnInvalid = [InvalidReplySteps.Retry, InvalidReplySteps.Fallback] });
        var key = await world.AddKeyAsync();
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Monthly, 100_000_000);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", Wrong, Wrong);
        world.World.Simulator.ScriptFor(model + "-b", Right);
        using var response = await PostAsync(key.Secret, "/v1/chat/completions", model, stream: false);

        Assert.Equal((200, "reply_format:fallback", model + "-b", "3"), (
            (int)response.StatusCode, Ask.Header(response, "x-gateway-route-reason"), Ask.Header(response, "x-gateway-deployment"), Ask.Header(response, "x-gateway-attempts")));
        const long Cost = 2 * (40 * 150 + 10 * 600) + 10 * (50 * 150 + 20 * 600);
        Assert.Equal(Cost, (await world.World.RecordAsync(Ask.Header(response, "x-request-id"))).CostNanoUsd);
        await Eventually.HoldsAsync(async () => await world.ReadAsync(budget) == (Cost, 0), Patience, "all are settled and nothing is held");
    }

    [Theory]
    [InlineData("/v1/chat/completions", false)]
    [InlineData("/v1/messages", true)]
    public async Task Error_NamesThePlaceAndNotTheText(string path, bool stream)
    {
        var model = await AddModelAsync(new() { Level = GuardrailLevels.Standard, Schema = Schema });
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "text={\"n\":\"falcon\"}", "text={\"n\":\"falcon\"}");
        using var response = await PostAsync(world.World.Key, path, model, stream);
        var error = await response.Content.ReadAsStringAsync();

        Assert.Equal(502, (int)response.StatusCode);
        Assert.Contains("at /n: type", error, StringComparison.Ordinal);
        Assert.DoesNotContain("falcon", error, StringComparison.Ordinal);
        if (path == "/v1/messages") Assert.Contains("\"type\":\"api_error\"", error, StringComparison.Ordinal);
        else Assert.Contains("\"code\":\"invalid_reply\"", error, StringComparison.Ordinal);
        var record = await world.World.RecordAsync(Ask.Header(response, "x-request-id"));
        Assert.Equal(("invalid_reply", true), (record.Error, record.CostNanoUsd > 0));
        Assert.Contains("llm_guardrail_blocks_total{guardrail=\"reply_format\"}", await gateway.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions", false)]
    [InlineData("/v1/messages", true)]
    [InlineData("/v1/responses", true)]
    public async Task Fence_AtStandard_IsTakenOff(string path, bool stream)
    {
        var model = await AddModelAsync(new() { Level = GuardrailLevels.Standard, Schema = Schema });
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", "text=```json\n{\"n\":1}\n```");
        using var response = await PostAsync(world.World.Key, path, model, stream);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal((200, "1", "reply_format;reply;flag;FENCED_JSON=1"), ((int)response.StatusCode, Ask.Header(response, "x-gateway-attempts"), Ask.Header(response, "x-gateway-guardrails")));
        if (!stream) Assert.Equal("{\"n\":1}\n", JsonDocument.Parse(text).RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
        Assert.DoesNotContain("```", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fence_AtStrict_IsInvalid_AndFlagOnlyCounts()
    {
        var strict = await AddModelAsync(new() { Level = GuardrailLevels.Strict, Schema = Schema, OnInvalid = [InvalidReplySteps.Error] });
        var flag = await AddModelAsync(new() { Level = GuardrailLevels.Flag, Schema = Schema });
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(strict + "-a", "text=```json\n{\"n\":1}\n```");
        world.World.Simulator.ScriptFor(flag + "-a", Wrong);
        using var refused = await PostAsync(world.World.Key, "/v1/chat/completions", strict, stream: false);
        using var counted = await PostAsync(world.World.Key, "/v1/chat/completions", flag, stream: false);

        Assert.Equal(502, (int)refused.StatusCode);
        Assert.Equal((200, "reply_format;reply;flag;NOT_JSON=1"), ((int)counted.StatusCode, Ask.Header(counted, "x-gateway-guardrails")));
        Assert.Contains("nearly", await counted.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BudgetForOneAnswer_IsNotAskedAgain()
    {
        var model = await AddModelAsync(new() { Level = GuardrailLevels.Standard, Schema = Schema });
        var key = await world.AddKeyAsync();
        // The dearest answer is held at some 2,000,000, and a second one as dear.
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Monthly, 2_500_000);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", Wrong);
        using var response = await PostAsync(key.Secret, "/v1/chat/completions", model, stream: false);

        Assert.Equal((502, "1"), ((int)response.StatusCode, Ask.Header(response, "x-gateway-attempts")));
        await Eventually.HoldsAsync(async () => await world.ReadAsync(budget) == (40 * 150 + 10 * 600, 0), Patience, "it is settled and nothing is held");
    }

    [Fact]
    public async Task CallerLeaves_WhileTheReplyIsHeld_ItIsCharged()
    {
        var model = await AddModelAsync(new() { Level = GuardrailLevels.Standard, Schema = Schema });
        var key = await world.AddKeyAsync();
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Monthly, 1_000_000_000);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", Wrong + "; stall-after=1");
        using var leaves = new CancellationTokenSource();
        var id = "format-" + Guid.NewGuid().ToString("N");
        var call = gateway.ChatAsync(key.Secret, Ask.Body(model: model).Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal), id, leaves.Token);
        await world.World.Simulator.WaitForRequestAsync(request => request.Model == model + "-a" && request.ChunksSent > 0);
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        var record = await world.World.RecordAsync(id);
        Assert.Equal(("aborted", true), (record.Status, record.Estimated));
        Assert.True(record.CostNanoUsd > 0);
        await Eventually.HoldsAsync(async () => await world.ReadAsync(budget) == (record.CostNanoUsd, 0), Patience, "it is settled and nothing is held");
    }

    [Fact]
    public async Task SchemaOfTheRequest_IsKeptWithoutOneOfTheRule()
    {
        var model = await AddModelAsync(new() { Level = GuardrailLevels.Standard });
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", Wrong);
        // The second answer is the simulator's own, which keeps to a demanded schema.
        var format = "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\",\"strict\":true,\"schema\":" + Schema + "}}";
        using var response = await gateway.ChatAsync(world.World.Key, Ask.Body(model: model, maxTokens: 200).Replace("{\"model\"", $"{{{format},\"model\"", StringComparison.Ordinal));
        var content = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;

        Assert.Equal("reply_format:retry", Ask.Header(response, "x-gateway-route-reason"));
        Assert.True(JsonDocument.Parse(content).RootElement.TryGetProperty("n", out _));

        world.World.Simulator.ScriptFor(model + "-a", Wrong);
        using var unasked = await gateway.ChatAsync(world.World.Key, Ask.Body(model: model));
        Assert.Equal((200, "1"), ((int)unasked.StatusCode, Ask.Header(unasked, "x-gateway-attempts")));
    }

    private async Task<HttpResponseMessage> PostAsync(string key, string path, string model, bool stream)
    {
        var prompt = path == "/v1/responses" ? "\"input\":\"What is n?\",\"max_output_tokens\":50" : "\"messages\":[{\"role\":\"user\",\"content\":\"What is n?\"}],\"max_tokens\":50";
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent($"{{\"model\":\"{model}\",\"stream\":{(stream ? "true" : "false")},{prompt}}}", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        if (path == "/v1/messages") request.Headers.TryAddWithoutValidation("anthropic-version", "2023-06-01");
        return await gateway.Http.SendAsync(request);
    }

    private Task<string> AddModelAsync(GuardrailRule rule) => CheckedModel.AddAsync(world.World, new GuardrailSettings { ReplyFormat = rule });
}
