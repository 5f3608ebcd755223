using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Pipeline;
using OpenAI;
using OpenAI.Chat;

namespace AspireGateway.Integration.Tests.Gateway;

/// <summary>The main job: answers for unmodified clients, with the facts in headers and one record each.</summary>
public sealed class ServingTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private const string Hello = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";

    private readonly GatewayWorld world = fixture.World;
    private readonly GatewayProcess gateway = fixture.Gateway;

    [Fact]
    public async Task OpenAiSdk_Plain_GetsAnAnswer()
    {
        ChatCompletion completion = await Client("small").CompleteChatAsync("Hello");

        Assert.NotEmpty(completion.Content[0].Text);
        Assert.True(completion.Usage.InputTokenCount > 0);
    }

    [Fact]
    public async Task OpenAiSdk_Streamed_GetsTheSameAnswerPieceByPiece()
    {
        ChatCompletion whole = await Client("small").CompleteChatAsync("Tell me something");
        var text = new StringBuilder();
        var updates = 0;
        await foreach (var update in Client("small").CompleteChatStreamingAsync("Tell me something"))
        {
            updates++;
            foreach (var part in update.ContentUpdate) text.Append(part.Text);
        }

        Assert.Equal(whole.Content[0].Text, text.ToString());
        Assert.True(updates > 2);
    }

    [Fact]
    public async Task OpenAiSdk_Embeddings_AreNumbers()
    {
        var client = new OpenAIClient(new ApiKeyCredential(world.Key), Options()).GetEmbeddingClient("embed");

        var embedding = await client.GenerateEmbeddingAsync("Hello");

        Assert.NotEqual(0, embedding.Value.ToFloats().Span[0]);
    }

    [Fact]
    public async Task Plain_Answer_CarriesItsFactsAndLeavesItsRecord()
    {
        var id = NewId();
        using var response = await gateway.ChatAsync(
            world.Key, "{" + Hello + ""","model":"gpt-4o-mini","user":"u-7"}""", id,
            headers: [("x-gateway-feature", "search"), ("x-gateway-agent", "bot"), ("x-gateway-tags", "env=prod, cost-centre=42")]);
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        string Header(string name) => Assert.Single(response.Headers.GetValues(name));
        Assert.Equal(("small", "sim-second", "sim", "chat_completions", "priority", "1"), (
            Header("x-gateway-model"), Header("x-gateway-deployment"), Header("x-gateway-provider"), Header("x-gateway-route"),
            Header("x-gateway-route-reason"), Header("x-gateway-attempts")));
        var usage = body.GetProperty("usage");
        var (input, output) = (usage.GetProperty("prompt_tokens").GetInt64(), usage.GetProperty("completion_tokens").GetInt64());
        Assert.Equal((input, output), (long.Parse(Header("x-gateway-input-tokens"), null), long.Parse(Header("x-gateway-output-tokens"), null)));
        var cost = CostCalculator.CostOf(GatewayWorld.Price, new TokenUsage(input, 0, 0, output, 0));
        Assert.Equal(UsdFormat.Of(cost), Header("x-gateway-cost-usd"));

        var record = await world.RecordAsync(id);
        Assert.Equal(("ok", 200, "small", "sim", "sim-second", "sim-small"), (record.Status, record.StatusCode, record.Model, record.Provider, record.Deployment, record.ServedModel));
        Assert.Equal((input, output, cost, false, false), (record.InputTokens, record.OutputTokens, record.CostNanoUsd, record.Estimated, record.Streamed));
        Assert.Equal(("search", "u-7", "bot"), (record.Feature, record.UserId, record.Agent));
        Assert.Equal("42", JsonDocument.Parse(record.Tags!).RootElement.GetProperty("cost-centre").GetString());
        Assert.True(record.LatencyUs > 0);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData(""","stream_options":{"include_usage":true}""", true)]
    public async Task Stream_ShowsUsageOnlyToWhoAsked_AndIsBilledEitherWay(string options, bool showsUsage)
    {
        var id = NewId();
        using var response = await gateway.ChatAsync(world.Key, "{" + Hello + ""","model":"small","stream":true""" + options + "}", id);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(showsUsage, text.Contains("\"usage\"", StringComparison.Ordinal));
        Assert.EndsWith("data: [DONE]\n\n", text, StringComparison.Ordinal);
        var comment = text.Split("\n\n").Single(part => part.StartsWith(": gateway ", StringComparison.Ordinal));
        var facts = JsonDocument.Parse(comment[": gateway ".Length..]).RootElement;

        var record = await world.RecordAsync(id);
        Assert.Equal(("ok", true, false), (record.Status, record.Streamed, record.Estimated));
        Assert.Equal((record.InputTokens, record.OutputTokens), (facts.GetProperty("input_tokens").GetInt64(), facts.GetProperty("output_tokens").GetInt64()));
        Assert.Equal(record.CostNanoUsd, (long)(facts.GetProperty("cost_usd").GetDecimal() * 1_000_000_000));
        Assert.NotNull(record.TtftUs);
    }

    [Fact]
    public async Task Metadata_OnRequest_StandsInTheBody()
    {
        using var response = await gateway.ChatAsync(world.Key, "{" + Hello + "}", headers: ("x-gateway-metadata", "body"));
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal("sim-second", body.GetProperty("gateway").GetProperty("deployment").GetString());
        Assert.True(body.GetProperty("gateway").GetProperty("cost_usd").GetDecimal() > 0);
        Assert.True(body.TryGetProperty("choices", out _));
    }

    [Fact]
    public async Task Provider_GetsItsOwnModelAndKey_AndNothingOfTheCaller()
    {
        var marker = NewId();
        using var response = await gateway.ChatAsync(
            world.Key, $$"""{"model":"small","x_unknown":{"kept":[1.50]},"messages":[{"role":"user","content":"{{marker}}"}]}""",
            headers: [("x-caller-secret", "do-not-forward"), ("cookie", "a=b"), ("x-gateway-feature", "f")]);
        response.EnsureSuccessStatusCode();

        var received = await world.Simulator.WaitForRequestAsync(r => r.Body is { } body && Encoding.UTF8.GetString(body).Contains(marker, StringComparison.Ordinal));
        Assert.Equal($$"""{"model":"sim-small","x_unknown":{"kept":[1.50]},"messages":[{"role":"user","content":"{{marker}}"}]}""", Encoding.UTF8.GetString(received.Body!));
        Assert.DoesNotContain(received.Headers, header => header.Key.StartsWith("x-", StringComparison.OrdinalIgnoreCase) || header.Key.Equals("cookie", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task LargeBody_ArrivesByteForByte()
    {
        var marker = NewId();
        var body = "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"" + marker + new string('ü', 40_000) + "\"}]}";
        using var response = await gateway.ChatAsync(world.Key, body);
        response.EnsureSuccessStatusCode();

        var received = await world.Simulator.WaitForRequestAsync(r => r.BodyLength > 80_000);
        Assert.Equal(body.Replace("\"small\"", "\"sim-small\"", StringComparison.Ordinal), Encoding.UTF8.GetString(received.Body!));
    }

    [Fact]
    public async Task Models_AreThoseThatTheKeyMayUse()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Add("x-api-key", world.Key);
        var list = await (await gateway.Http.SendAsync(request)).Content.ReadFromJsonAsync<JsonElement>();

        string[] names = [.. list.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()!)];
        Assert.Equal(["chain", "embed", "gpt-4o-mini", "sim/sim-embed", "sim/sim-large", "sim/sim-small", "small"], names);
    }

    [Fact]
    public async Task Model_WithASlash_CanBeRetrieved()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models/sim/sim-small");
        request.Headers.Add("x-api-key", world.Key);
        var model = await (await gateway.Http.SendAsync(request)).Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal("sim/sim-small", model.GetProperty("id").GetString());
    }

    private static string NewId() => "t-" + Guid.NewGuid().ToString("N");

    private OpenAIClientOptions Options() => new() { Endpoint = new Uri(gateway.Address, "v1"), RetryPolicy = new ClientRetryPolicy(0) };

    private ChatClient Client(string model) => new OpenAIClient(new ApiKeyCredential(world.Key), Options()).GetChatClient(model);
}
