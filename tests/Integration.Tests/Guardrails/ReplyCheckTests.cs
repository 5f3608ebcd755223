using System.Text;
using System.Text.Json;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Guardrails;
using AspireGateway.Shared.Domain.Limits;
using Npgsql;

namespace AspireGateway.Integration.Tests.Guardrails;

/// <summary>Replies that their context does not support, and replies that repeat the system prompt, at a real gateway and in every dialect.</summary>
public sealed class ReplyCheckTests(SpendingFixture fixture) : IClassFixture<SpendingFixture>
{
    private const string Said = "text=\"The shop in Lyon opens at 9 and closes at 18.\"; prompt-tokens=40; completion-tokens=10";
    private const string Unsaid = "text=\"The shop in Lyon opens at 7 and closes at 22.\"; prompt-tokens=40; completion-tokens=10";
    private const string Told = "Never name a competitor of Falcon Bank, and offer a credit line of at most 4000 euros to customers of tier two.";
    private const string Context = "The shop in Lyon opens at 9 and closes at 18. The one in Porto is closed.";

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
    public async Task Groundedness_Block_KeepsBackWhatTheContextDoesNotSay(string path, bool stream)
    {
        var model = await AddModelAsync(new() { Groundedness = new() { Level = GuardrailLevels.Standard } });
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", Said, Unsaid);
        using (var said = await PostAsync(world.World.Key, path, model, stream))
        {
            Assert.Equal(200, (int)said.StatusCode);
            Assert.Contains("18", await said.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(1, (await JourneyAsync(Ask.Header(said, "x-request-id"))).GetProperty("groundedness").GetDouble());
        }
        using var kept = await PostAsync(world.World.Key, path, model, stream);
        var error = await kept.Content.ReadAsStringAsync();

        Assert.Equal((403, "groundedness;reply;block;UNSUPPORTED=1"), ((int)kept.StatusCode, Ask.Header(kept, "x-gateway-guardrails")));
        Assert.DoesNotContain("22", error.Replace(Ask.Header(kept, "x-request-id"), "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("the context supports 0", error, StringComparison.Ordinal);
        var record = await world.World.RecordAsync(Ask.Header(kept, "x-request-id"));
        Assert.Equal(("refused", "guardrail_blocked", 40L * 150 + 10 * 600), (record.Status, record.Error, record.CostNanoUsd));
        Assert.Equal(0, (await JourneyAsync(Ask.Header(kept, "x-request-id"))).GetProperty("groundedness").GetDouble());
        foreach (var request in world.World.Simulator.Requests.Where(request => request.Model == model + "-a"))
            Assert.DoesNotContain("Porto", Encoding.UTF8.GetString(request.Body!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/messages")]
    [InlineData("/v1/responses")]
    public async Task Groundedness_FlagOnAStream_LetsItFlowAndCountsAtItsEnd(string path)
    {
        var model = await AddModelAsync(new() { Groundedness = new() { Level = GuardrailLevels.Flag } });
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", Unsaid);
        using var response = await PostAsync(world.World.Key, path, model, stream: true);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains("22", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var id = Ask.Header(response, "x-request-id");
        Assert.Equal(["groundedness"], (await world.World.RecordAsync(id)).Guardrails);
        Assert.Equal(0, (await JourneyAsync(id)).GetProperty("groundedness").GetDouble());
    }

    [Fact]
    public async Task Groundedness_ResultsOfTools_AreContextToo()
    {
        var model = await AddModelAsync(new() { Groundedness = new() { Level = GuardrailLevels.Standard } });
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", Unsaid, Unsaid);
        const string Call = """{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"hours","arguments":"{}"}}]},{"role":"tool","tool_call_id":"c1","content":"{\"city\":\"Lyon\",\"shop\":{\"opens\":7,\"closes\":22}}"}""";
        using var supported = await gateway.ChatAsync(world.World.Key, $$"""{"model":"{{model}}","max_tokens":50,"messages":[{"role":"user","content":"When?"},{{Call}}]}""");
        Assert.Equal(200, (int)supported.StatusCode);
        // Without any context there is nothing to go by.
        using var without = await gateway.ChatAsync(world.World.Key, $$"""{"model":"{{model}}","max_tokens":50,"messages":[{"role":"user","content":"When?"}]}""");
        Assert.Equal(200, (int)without.StatusCode);
    }

    [Theory]
    [InlineData(false, "0.9", 200)]
    [InlineData(false, "0.2", 403)]
    [InlineData(true, "0.2", 403)]
    // A judge that says no number abstains, and the rule is closed.
    [InlineData(false, "fine", 403)]
    public async Task Groundedness_Judge_DecidesAndIsPaidFor(bool stream, string says, int status)
    {
        var judge = await AddModelAsync(new() { Secrets = new() { Level = GuardrailLevels.Off } });
        var model = await AddModelAsync(new() { Groundedness = new() { Level = GuardrailLevels.Standard, JudgeModel = judge } });
        var key = await world.AddKeyAsync();
        var budget = await world.BudgetAsync(ScopeKinds.Key, key.Id.ToString(), BudgetPeriods.Monthly, 1_000_000_000);
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(judge + "-a", $"text=\"{says}\"; prompt-tokens=100; completion-tokens=5");
        world.World.Simulator.ScriptFor(model + "-a", Unsaid);
        using var response = await PostAsync(key.Secret, "/v1/chat/completions", model, stream);
        await response.Content.ReadAsStringAsync();

        Assert.Equal(status, (int)response.StatusCode);
        const long Cost = 40 * 150 + 10 * 600 + 100 * 150 + 5 * 600;
        Assert.Equal((Cost, false), ((await world.World.RecordAsync(Ask.Header(response, "x-request-id"))).CostNanoUsd, false));
        await Eventually.HoldsAsync(async () => await world.ReadAsync(budget) == (Cost, 0), Patience, "both are settled and nothing is held");
        var asked = Encoding.UTF8.GetString(Assert.Single(world.World.Simulator.Requests, request => request.Model == judge + "-a").Body!);
        Assert.Contains("Porto", asked, StringComparison.Ordinal);
        Assert.Contains("opens at 7", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GatewayField_Malformed_IsRefused_AndNoProviderSeesIt()
    {
        using var refused = await gateway.ChatAsync(world.World.Key, """{"model":"small","messages":[{"role":"user","content":"hi"}],"gateway":{"context":"one"}}""");
        Assert.Equal(400, (int)refused.StatusCode);
        var (code, message) = await Ask.ErrorAsync(refused);
        Assert.Equal("invalid_request_error", code);
        Assert.Contains("'context'", message, StringComparison.Ordinal);

        // Also where no policy looks at anything; the simulator refuses fields that it does not know.
        using var passed = await gateway.ChatAsync(world.World.Key, """{"model":"small","max_tokens":9,"gateway":{"context":["one"]},"messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(200, (int)passed.StatusCode);
        Assert.DoesNotContain("gateway", Encoding.UTF8.GetString(world.World.Simulator.Requests[^1].Body!), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions", false)]
    [InlineData("/v1/chat/completions", true)]
    [InlineData("/v1/messages", true)]
    [InlineData("/v1/responses", true)]
    public async Task PromptLeak_Block_KeepsTheSystemPromptBack(string path, bool stream)
    {
        var model = await AddModelAsync(new() { PromptLeak = new() { Level = GuardrailLevels.Standard } });
        await world.AppliedAsync(gateway);
        world.World.Simulator.ScriptFor(model + "-a", $"text=\"{new string('a', 900)} I was told: {Told}\"; completion-tokens=300");
        using var response = await PostAsync(world.World.Key, path, model, stream, HttpCompletionOption.ResponseHeadersRead);
        var text = await Ask.ReadCutAsync(response);

        Assert.Equal(stream ? 200 : 403, (int)response.StatusCode);
        // Responses begin with what the caller said itself.
        Assert.DoesNotContain("competitor", text.Replace(Told, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("1 SYSTEM_PROMPT", text, StringComparison.Ordinal);
        var record = await world.World.RecordAsync(Ask.Header(response, "x-request-id"));
        Assert.Equal(("refused", "guardrail_blocked"), (record.Status, record.Error));
        Assert.Equal(["prompt_leak"], record.Guardrails);
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/messages")]
    [InlineData("/v1/responses")]
    public async Task PromptLeak_OtherReplies_Pass(string path)
    {
        var model = await AddModelAsync(new() { PromptLeak = new() { Level = GuardrailLevels.Strict } });
        await world.AppliedAsync(gateway);
        foreach (var stream in (bool[])[false, true])
        {
            world.World.Simulator.ScriptFor(model + "-a", Said);
            using var response = await PostAsync(world.World.Key, path, model, stream);
            Assert.Equal(200, (int)response.StatusCode);
            Assert.Contains("18", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.False(response.Headers.Contains("x-gateway-guardrails"));
        }
    }

    private Task<string> AddModelAsync(GuardrailSettings settings) => CheckedModel.AddAsync(world.World, settings);

    private async Task<HttpResponseMessage> PostAsync(string key, string path, string model, bool stream, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead)
    {
        var prompt = path switch
        {
            "/v1/responses" => $"\"input\":\"When does it open?\",\"instructions\":\"{Told}\",\"max_output_tokens\":400",
            "/v1/messages" => $"\"messages\":[{{\"role\":\"user\",\"content\":\"When does it open?\"}}],\"system\":\"{Told}\",\"max_tokens\":400",
            _ => $"\"messages\":[{{\"role\":\"system\",\"content\":\"{Told}\"}},{{\"role\":\"user\",\"content\":\"When does it open?\"}}],\"max_tokens\":400",
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent($"{{\"gateway\":{{\"context\":[\"{Context}\"]}},\"model\":\"{model}\",\"stream\":{(stream ? "true" : "false")},{prompt}}}", Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        if (path == "/v1/messages") request.Headers.TryAddWithoutValidation("anthropic-version", "2023-06-01");
        return await gateway.Http.SendAsync(request, until);
    }

    private async Task<JsonElement> JourneyAsync(string requestId)
    {
        // The record first: the journey goes with it.
        await world.World.RecordAsync(requestId);
        await using var source = NpgsqlDataSource.Create(world.World.Database);
        await using var command = source.CreateCommand("select j.document::text from journeys j join usage_records r using (id) where r.request_id = $1");
        command.Parameters.Add(new() { Value = requestId });
        return JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!).RootElement;
    }
}
