using System.Net;
using System.Text.Json;
using AspireGateway.Simulator.Recording;

namespace AspireGateway.Simulator.Tests.Gemini;

public sealed class GeminiTests : SimulatorTest
{
    private const string Ask = """{"contents":[{"role":"user","parts":[{"text":"Hello there"}]}]}""";
    private const string Tools = """ "tools":[{"functionDeclarations":[{"name":"find","parameters":{"type":"OBJECT","properties":{"query":{"type":"STRING"}}}},{"name":"list"}]}]""";

    public static HttpRequestMessage Request(string body, string operation = "generateContent", string model = "sim-small")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"v1beta/models/{model}:{operation}") { Content = Json(body) };
        request.Headers.Add("x-goog-api-key", "AIza-1");
        return request;
    }

    [Fact]
    public async Task Plain_Text_HasGeminisShape()
    {
        var (status, reply) = await SendAsync(Ask);

        var candidate = reply.GetProperty("candidates")[0];
        Assert.Equal(200, status);
        Assert.Equal(TextOf(await PlainAsync()), candidate.GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString());
        Assert.Equal(("model", "STOP"), (candidate.GetProperty("content").GetProperty("role").GetString(), candidate.GetProperty("finishReason").GetString()));
        Assert.Equal("sim-small", Simulator.Requests[0].Model);
    }

    [Fact]
    public async Task Usage_Thinking_IsDisjointAndAddsUp()
    {
        var (_, reply) = await SendAsync("""{"contents":[{"parts":[{"text":"Hello"}]}],"generationConfig":{"thinking_config":{"include_thoughts":true}}}""");

        var usage = reply.GetProperty("usageMetadata");
        var parts = reply.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts");
        Assert.True(parts[0].GetProperty("thought").GetBoolean());
        Assert.NotEmpty(parts[1].GetProperty("thoughtSignature").GetString()!);
        Assert.True(usage.GetProperty("thoughtsTokenCount").GetInt32() > 0);
        Assert.Equal(
            usage.GetProperty("promptTokenCount").GetInt32() + usage.GetProperty("candidatesTokenCount").GetInt32() + usage.GetProperty("thoughtsTokenCount").GetInt32(),
            usage.GetProperty("totalTokenCount").GetInt32());
    }

    [Fact]
    public async Task ToolRoundTrip_Parallel_NeedsAsManyResponsesAsCalls()
    {
        var (_, first) = await SendAsync($$"""{"contents":[{"role":"user","parts":[{"text":"call find and call list"}]}],{{Tools}}}""");
        var content = first.GetProperty("candidates")[0].GetProperty("content");
        const string found = """{"functionResponse":{"name":"find","response":{"result":"sunny"}}}""";
        const string listed = """{"functionResponse":{"name":"list","response":{"result":"empty"}}}""";

        var (whole, second) = await SendAsync($$"""{"contents":[{"role":"user","parts":[{"text":"call find and call list"}]},{{content.GetRawText()}},{"role":"user","parts":[{{found}},{{listed}}]}],{{Tools}}}""");
        var (half, refused) = await SendAsync($$"""{"contents":[{"role":"user","parts":[{"text":"call find and call list"}]},{{content.GetRawText()}},{"role":"user","parts":[{{found}}]}],{{Tools}}}""");

        Assert.Equal(["find", "list"], content.GetProperty("parts").EnumerateArray().Select(p => p.GetProperty("functionCall").GetProperty("name").GetString()!));
        Assert.Equal("sample", content.GetProperty("parts")[0].GetProperty("functionCall").GetProperty("args").GetProperty("query").GetString());
        Assert.Equal((200, 400), (whole, half));
        Assert.Contains("sunny", second.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.Contains("number of function response parts", refused.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResponseSchema_Capitals_AnswersFittingJson()
    {
        var (_, reply) = await SendAsync(
            """{"contents":[{"parts":[{"text":"Hello"}]}],"generationConfig":{"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{"n":{"type":"INTEGER","minimum":5}}}}}""");

        var text = reply.GetProperty("candidates")[0].GetProperty("content").GetProperty("parts")[0].GetProperty("text").GetString()!;
        Assert.Equal(5, JsonElement.Parse(text).GetProperty("n").GetInt32());
    }

    [Theory]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}],"max_tokens":5}""", "Unknown name \"max_tokens\": Cannot find field.")]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"n":5}}""", "Unknown name \"n\" at 'generation_config'")]
    [InlineData("""{"contents":[{"role":"assistant","parts":[{"text":"x"}]}]}""", "valid role: user, model")]
    [InlineData("""{"contents":[]}""", "contents is not specified")]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}],"tools":[{"functionDeclarations":[{"name":"f","parameters":{"type":"object","additionalProperties":false}}]}]}""", "Unknown name \"additionalProperties\" at 'tools[0].function_declarations[0].parameters'")]
    [InlineData("""{"contents":[{"parts":[{"functionResponse":{"name":"f","response":{}}}]}]}""", "immediately after a function call turn")]
    [InlineData("""{"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":"%%"}}]}]}""", "Base64 decoding failed")]
    [InlineData("""{"contents":[{"parts":[{"text":"x"}]}],"generationConfig":{"responseSchema":{"type":"string"}}}""", "only allowed when response mime type")]
    public async Task BadRequest_Refused_InGooglesWords(string body, string expected)
    {
        var (status, reply) = await SendAsync(body);

        Assert.Equal(400, status);
        Assert.Equal("INVALID_ARGUMENT", reply.GetProperty("error").GetProperty("status").GetString());
        Assert.Contains(expected, reply.GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RateLimit_Scripted_TellsTheDelayInTheBody()
    {
        Simulator.Script("failure=rate-limit; retry-after=7");
        var (status, reply) = await SendAsync(Ask);

        Assert.Equal(429, status);
        Assert.Equal("RESOURCE_EXHAUSTED", reply.GetProperty("error").GetProperty("status").GetString());
        var retry = reply.GetProperty("error").GetProperty("details").EnumerateArray().Single(d => d.GetProperty("@type").GetString()!.EndsWith("RetryInfo", StringComparison.Ordinal));
        Assert.Equal("7s", retry.GetProperty("retryDelay").GetString());
    }

    [Fact]
    public async Task Key_InTheQuery_IsMaskedInTheRecord()
    {
        Http.DefaultRequestHeaders.Authorization = null;
        using var response = await Http.PostAsync("v1beta/models/sim-small:generateContent?key=AIza-1", Json(Ask), Timeout);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"/v1beta/models/sim-small:generateContent?key={KeyMask.Of("AIza-1")}", Assert.Single(Simulator.Requests).Path);
    }

    [Fact]
    public async Task Bearer_NotIssued_Is401OnVertex()
    {
        using var response = await Http.PostAsync("v1/projects/p/locations/l/publishers/google/models/sim-small:generateContent", Json(Ask), Timeout);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("UNAUTHENTICATED", (await ReadAsync(response)).GetProperty("error").GetProperty("status").GetString());
    }

    [Fact]
    public async Task CountTokens_SamePrompt_IsThatOfTheAnswer()
    {
        var (_, reply) = await SendAsync(Ask);
        var (_, counted) = await SendAsync(Ask, "countTokens");

        Assert.Equal(reply.GetProperty("usageMetadata").GetProperty("promptTokenCount").GetInt32(), counted.GetProperty("totalTokens").GetInt32());
    }

    [Fact]
    public async Task Embeddings_OneAndBatch_AreTheSameVector()
    {
        var (_, one) = await SendAsync("""{"content":{"parts":[{"text":"bread"}]},"outputDimensionality":64}""", "embedContent");
        var (_, batch) = await SendAsync(
            """{"requests":[{"model":"models/sim-small","content":{"parts":[{"text":"bread"}]},"outputDimensionality":64},{"model":"models/sim-small","content":{"parts":[{"text":"tea"}]}}]}""",
            "batchEmbedContents");

        Assert.Equal(64, one.GetProperty("embedding").GetProperty("values").GetArrayLength());
        Assert.Equal(2, batch.GetProperty("embeddings").GetArrayLength());
        Assert.Equal(one.GetProperty("embedding").GetProperty("values").GetRawText(), batch.GetProperty("embeddings")[0].GetProperty("values").GetRawText());
    }

    private async Task<(int Status, JsonElement Reply)> SendAsync(string body, string operation = "generateContent")
    {
        using var request = Request(body, operation);
        using var response = await Http.SendAsync(request, Timeout);
        return ((int)response.StatusCode, await ReadAsync(response));
    }
}
