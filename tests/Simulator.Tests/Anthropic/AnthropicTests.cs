using System.Net;
using System.Text.Json;

namespace AspireGateway.Simulator.Tests.Anthropic;

public sealed class AnthropicTests : SimulatorTest
{
    private const string Ask = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello there\"}]";
    private const string Tools = "\"tools\":[{\"name\":\"find\",\"input_schema\":{\"type\":\"object\",\"properties\":{\"query\":{\"type\":\"string\"}}}}]";

    public static HttpRequestMessage Request(string body, string path = "v1/messages", string version = "2023-06-01")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Json(body) };
        request.Headers.Add("x-api-key", "sk-ant-1");
        request.Headers.Add("anthropic-version", version);
        return request;
    }

    [Fact]
    public async Task Plain_Text_HasAnthropicsShape()
    {
        var (status, reply) = await SendAsync($$"""{"model":"sim-small","max_tokens":100,{{Ask}}}""");

        Assert.Equal(200, status);
        Assert.StartsWith("msg_", reply.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Equal("text", reply.GetProperty("content")[0].GetProperty("type").GetString());
        Assert.Equal("end_turn", reply.GetProperty("stop_reason").GetString());
        Assert.Equal(JsonValueKind.Null, reply.GetProperty("stop_sequence").ValueKind);
        Assert.True(reply.GetProperty("usage").GetProperty("output_tokens").GetInt32() > 0);
    }

    [Fact]
    public async Task Answer_SameQuestion_IsThatOfOpenAi()
    {
        var (_, reply) = await SendAsync($$"""{"model":"sim-small","max_tokens":100,{{Ask}}}""");

        Assert.Equal(TextOf(await PlainAsync()), reply.GetProperty("content")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task ToolRoundTrip_WithThinking_GoesOnlyWithTheSignedThought()
    {
        const string head = "\"model\":\"sim-small\",\"max_tokens\":4000,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}," + Tools;
        var (_, first) = await SendAsync($$"""{{{head}},"messages":[{"role":"user","content":"call find"}]}""");
        var use = first.GetProperty("content")[1];
        var result = $$"""{"role":"user","content":[{"type":"tool_result","tool_use_id":"{{use.GetProperty("id").GetString()}}","content":[{"type":"text","text":"sunny"}]}]}""";

        var (status, second) = await SendAsync($$"""{{{head}},"messages":[{"role":"user","content":"call find"},{"role":"assistant","content":{{first.GetProperty("content").GetRawText()}}},{{result}}]}""");
        var (withoutThought, _) = await SendAsync($$"""{{{head}},"messages":[{"role":"user","content":"call find"},{"role":"assistant","content":[{{use.GetRawText()}}]},{{result}}]}""");
        var (forged, _) = await SendAsync($$"""{{{head}},"messages":[{"role":"user","content":"call find"},{"role":"assistant","content":[{"type":"thinking","thinking":"x","signature":"eA=="},{{use.GetRawText()}}]},{{result}}]}""");

        Assert.Equal((200, 400, 400), (status, withoutThought, forged));
        Assert.Contains("sunny", second.GetProperty("content")[1].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CacheControl_TwiceTheSame_IsWrittenThenRead()
    {
        const string body = """{"model":"sim-small","max_tokens":100,"system":[{"type":"text","text":"A long and stable instruction.","cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"Hi"}]}""";
        var first = (await SendAsync(body)).Reply.GetProperty("usage");
        var second = (await SendAsync(body)).Reply.GetProperty("usage");

        Assert.Equal((8, 0), (first.GetProperty("cache_creation_input_tokens").GetInt32(), first.GetProperty("cache_read_input_tokens").GetInt32()));
        Assert.Equal((0, 8), (second.GetProperty("cache_creation_input_tokens").GetInt32(), second.GetProperty("cache_read_input_tokens").GetInt32()));
        Assert.Equal(first.GetProperty("input_tokens").GetInt32(), second.GetProperty("input_tokens").GetInt32());
    }

    [Fact]
    public async Task CountTokens_SamePrompt_IsTheInputOfTheAnswer()
    {
        var (_, reply) = await SendAsync($$"""{"model":"sim-small","max_tokens":100,{{Ask}}}""");
        var (_, counted) = await SendAsync($$"""{"model":"sim-small",{{Ask}}}""", "v1/messages/count_tokens");

        Assert.Equal(reply.GetProperty("usage").GetProperty("input_tokens").GetInt32(), counted.GetProperty("input_tokens").GetInt32());
    }

    [Fact]
    public async Task StopSequence_Matched_IsNamed()
    {
        var (_, reply) = await SendAsync("""{"model":"m","max_tokens":100,"stop_sequences":["three"],"messages":[{"role":"user","content":"[[sim: text=\"one two three\"]]"}]}""");

        Assert.Equal(("stop_sequence", "three"), (reply.GetProperty("stop_reason").GetString(), reply.GetProperty("stop_sequence").GetString()));
    }

    [Theory]
    [InlineData("\"max_tokens\":9", "[]", "messages: at least one")]
    [InlineData("\"stream\":false", "[{\"role\":\"user\",\"content\":\"x\"}]", "max_tokens: Field required")]
    [InlineData("\"max_tokens\":9,\"seed\":1", "[{\"role\":\"user\",\"content\":\"x\"}]", "seed: Extra inputs are not permitted")]
    [InlineData("\"max_tokens\":9,\"temperature\":1.5", "[{\"role\":\"user\",\"content\":\"x\"}]", "temperature")]
    [InlineData("\"max_tokens\":9", "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"\"}]}]", "non-empty")]
    [InlineData("\"max_tokens\":9", "[{\"role\":\"system\",\"content\":\"x\"}]", "Unexpected role")]
    [InlineData("\"max_tokens\":9", "[{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"t1\",\"content\":\"x\"}]}]", "unexpected `tool_use_id`")]
    [InlineData("\"max_tokens\":9", "[{\"role\":\"user\",\"content\":\"x\"},{\"role\":\"assistant\",\"content\":[{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"f\",\"input\":{}}]},{\"role\":\"user\",\"content\":\"y\"}]", "without `tool_result`")]
    [InlineData("\"max_tokens\":9", "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{}}]}]", "Input tag 'image_url'")]
    [InlineData("\"max_tokens\":9", "[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\",\"foo\":1}]}]", "messages.0.content.0.text.foo: Extra")]
    [InlineData("\"max_tokens\":2000,\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}", "[{\"role\":\"user\",\"content\":\"x\"}]", "greater than `thinking.budget_tokens`")]
    public async Task BadRequest_Refused_InAnthropicsWords(string more, string messages, string expected)
    {
        var (status, reply) = await SendAsync($$"""{"model":"m",{{more}},"messages":{{messages}}}""");

        Assert.Equal(400, status);
        Assert.Equal("invalid_request_error", reply.GetProperty("error").GetProperty("type").GetString());
        Assert.Contains(expected, reply.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SameRoleTwice_IsOneTurn()
    {
        var (status, _) = await SendAsync("""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}]}""");

        Assert.Equal(200, status);
    }

    [Fact]
    public async Task UnknownField_Lenient_IsAccepted()
    {
        Simulator.Script("lenient");
        var (status, _) = await SendAsync($$"""{"model":"m","max_tokens":9,"seed":1,{{Ask}}}""");

        Assert.Equal(200, status);
    }

    [Theory]
    [InlineData("2023-06-01", 200)]
    [InlineData("2026-10-21", 400)]
    [InlineData("2020-01-01", 400)]
    public async Task Temperature_ByVersion_IsKnownOrNot(string version, int status)
    {
        using var request = Request($$"""{"model":"m","max_tokens":9,"temperature":0.5,{{Ask}}}""", version: version);
        using var response = await Http.SendAsync(request, Timeout);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task SystemMessage_InTheMiddle_IsAllowed()
    {
        var (status, _) = await SendAsync("""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"a"},{"role":"system","content":"b"},{"role":"user","content":"c"}]}""");

        Assert.Equal(200, status);
    }

    [Fact]
    public async Task Thinking_Omitted_IsOnlySignedAndStillCounted()
    {
        var (_, reply) = await SendAsync($$"""{"model":"m","max_tokens":900,"thinking":{"type":"adaptive","display":"omitted"},{{Ask}}}""");

        var block = reply.GetProperty("content")[0];
        Assert.Equal(("thinking", ""), (block.GetProperty("type").GetString(), block.GetProperty("thinking").GetString()));
        Assert.NotEmpty(block.GetProperty("signature").GetString()!);
        Assert.True(reply.GetProperty("usage").GetProperty("output_tokens_details").GetProperty("thinking_tokens").GetInt32() > 0);
    }

    [Fact]
    public async Task VersionHeader_Missing_Is400()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/messages") { Content = Json($$"""{"model":"m","max_tokens":9,{{Ask}}}""") };
        using var response = await Http.SendAsync(request, Timeout);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("anthropic-version", (await ReadAsync(response)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RateLimit_Scripted_HasHeadersAndShape()
    {
        Simulator.Script("failure=rate-limit; retry-after=3; header-anthropic-ratelimit-requests-limit=50");
        using var request = Request($$"""{"model":"m","max_tokens":9,{{Ask}}}""");
        using var response = await Http.SendAsync(request, Timeout);

        Assert.Equal(429, (int)response.StatusCode);
        Assert.Equal("0", Assert.Single(response.Headers.GetValues("anthropic-ratelimit-requests-remaining")));
        Assert.Equal("50", Assert.Single(response.Headers.GetValues("anthropic-ratelimit-requests-limit")));
        Assert.StartsWith("req_", Assert.Single(response.Headers.GetValues("request-id")), StringComparison.Ordinal);
        var body = await ReadAsync(response);
        Assert.Equal("rate_limit_error", body.GetProperty("error").GetProperty("type").GetString());
        Assert.Equal(Assert.Single(response.Headers.GetValues("request-id")), body.GetProperty("request_id").GetString());
    }

    [Fact]
    public async Task Models_WithVersionHeader_HaveAnthropicsShape()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "v1/models");
        request.Headers.Add("anthropic-version", "2023-06-01");
        using var response = await Http.SendAsync(request, Timeout);
        var list = await ReadAsync(response);

        Assert.Equal("model", list.GetProperty("data")[0].GetProperty("type").GetString());
        Assert.False(list.GetProperty("has_more").GetBoolean());
    }

    private async Task<(int Status, JsonElement Reply)> SendAsync(string body, string path = "v1/messages")
    {
        using var request = Request(body, path);
        using var response = await Http.SendAsync(request, Timeout);
        return ((int)response.StatusCode, await ReadAsync(response));
    }
}
