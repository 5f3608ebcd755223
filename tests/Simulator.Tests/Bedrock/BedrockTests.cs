using System.Net;
using System.Text.Json;

namespace AspireGateway.Simulator.Tests.Bedrock;

public sealed class BedrockTests : SimulatorTest
{
    private const string Ask = """{"messages":[{"role":"user","content":[{"text":"Hello there"}]}]}""";

    public static string Path(string operation, string model = "anthropic.claude-sim-v1%3A0") => $"/model/{model}/{operation}";

    [Fact]
    public async Task Plain_Signed_HasConversesShape()
    {
        var (status, reply, _) = await SendAsync(Ask);

        Assert.Equal(200, status);
        Assert.Equal(TextOf(await PlainAsync()), reply.GetProperty("output").GetProperty("message").GetProperty("content")[0].GetProperty("text").GetString());
        Assert.Equal("end_turn", reply.GetProperty("stopReason").GetString());
        Assert.True(reply.GetProperty("usage").GetProperty("outputTokens").GetInt32() > 0);
        Assert.Equal("anthropic.claude-sim-v1:0", Simulator.Requests[0].Model);
        Assert.Equal("/model/anthropic.claude-sim-v1%3A0/converse", Simulator.Requests[0].Path);
        Assert.Contains("SignedHeaders=content-type;host;x-amz-date, Signature=sha256:", Simulator.Requests[0].Headers["authorization"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_BearerKey_IsAccepted()
    {
        using var response = await Http.PostAsync("/model/us.amazon.nova-sim/converse", Json(Ask), Timeout);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Signature_WrongSecret_Is403WithTheErrorType()
    {
        using var request = SignedRequest.Post(Simulator.BaseUrl, Path("converse"), Ask, secret: "wrong");

        await AssertRefusedAsync(request, 403, "InvalidSignatureException");
    }

    [Fact]
    public async Task Signature_BodyChangedAfterwards_Is403()
    {
        using var request = SignedRequest.Post(Simulator.BaseUrl, Path("converse"), Ask);
        request.Content = Json(Ask.Replace("Hello", "Goodbye", StringComparison.Ordinal));
        request.Content.Headers.ContentType = new("application/json");

        await AssertRefusedAsync(request, 403, "InvalidSignatureException");
    }

    [Fact]
    public async Task Signature_TenMinutesOld_Is403()
    {
        using var request = SignedRequest.Post(Simulator.BaseUrl, Path("converse"), Ask, at: DateTimeOffset.UtcNow.AddMinutes(-10));

        await AssertRefusedAsync(request, 403, "InvalidSignatureException");
    }

    [Fact]
    public async Task Signature_OtherService_Is403()
    {
        using var request = SignedRequest.Post(Simulator.BaseUrl, Path("converse"), Ask, service: "s3");

        await AssertRefusedAsync(request, 403, "InvalidSignatureException");
    }

    [Fact]
    public async Task AccessKey_Unknown_Is403()
    {
        using var request = SignedRequest.Post(Simulator.BaseUrl, Path("converse"), Ask, key: "AKIDOTHER");

        await AssertRefusedAsync(request, 403, "UnrecognizedClientException");
    }

    [Theory]
    [InlineData("failure=rate-limit", 429, "ThrottlingException")]
    [InlineData("failure=context-length", 400, "ValidationException")]
    [InlineData("failure=quota", 400, "ServiceQuotaExceededException")]
    [InlineData("status=424", 424, "ModelErrorException")]
    public async Task Failure_Scripted_NamesTheException(string script, int status, string exception)
    {
        Simulator.Script(script);
        using var request = SignedRequest.Post(Simulator.BaseUrl, Path("converse"), Ask);

        await AssertRefusedAsync(request, status, exception);
    }

    [Theory]
    [InlineData("""{"messages":[]}""", "messages")]
    [InlineData("""{"messages":[{"role":"assistant","content":[{"text":"x"}]}]}""", "start with a user message")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"x"}]},{"role":"user","content":[{"text":"y"}]}]}""", "alternate")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":" "}]}]}""", "blank")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"x"}]}],"temperature":1}""", "extraneous key [temperature]")]
    [InlineData("""{"messages":[{"role":"user","content":[{"text":"x"}]}],"inferenceConfig":{"topK":1}}""", "extraneous key [inferenceConfig.topK]")]
    [InlineData("""{"messages":[{"role":"user","content":[{"toolResult":{"toolUseId":"a","content":[]}}]}]}""", "toolConfig field must be defined")]
    [InlineData("""{"messages":[{"role":"user","content":[{"image":{"format":"image/png","source":{"bytes":"AAAA"}}}]}]}""", "enum value set: [png, jpeg, gif, webp]")]
    public async Task BadRequest_Refused_InBedrocksWords(string body, string expected)
    {
        var (status, reply, _) = await SendAsync(body);

        Assert.Equal(400, status);
        Assert.Contains(expected, reply.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToolRoundTrip_ResultForTheCall_IsAnswered()
    {
        const string tools = "\"toolConfig\":{\"tools\":[{\"toolSpec\":{\"name\":\"find\",\"inputSchema\":{\"json\":{\"type\":\"object\"}}}}],\"toolChoice\":{\"any\":{}}}";
        var (_, first, _) = await SendAsync($$"""{"messages":[{"role":"user","content":[{"text":"x"}]}],{{tools}}}""");
        var message = first.GetProperty("output").GetProperty("message");
        var id = message.GetProperty("content")[0].GetProperty("toolUse").GetProperty("toolUseId").GetString();

        var (_, second, _) = await SendAsync(
            $$$"""{"messages":[{"role":"user","content":[{"text":"x"}]},{{{message.GetRawText()}}},{"role":"user","content":[{"toolResult":{"toolUseId":"{{{id}}}","content":[{"text":"sunny"}],"status":"success"}}]}],{{{tools}}}}""");

        Assert.Equal("tool_use", first.GetProperty("stopReason").GetString());
        Assert.Contains("sunny", second.GetProperty("output").GetProperty("message").GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CachePoint_TwiceTheSame_IsWrittenThenReadAndInTheTotal()
    {
        const string body = """{"system":[{"text":"A long and stable instruction."},{"cachePoint":{"type":"default"}}],"messages":[{"role":"user","content":[{"text":"Hi"}]}]}""";
        var first = (await SendAsync(body)).Reply.GetProperty("usage");
        var second = (await SendAsync(body)).Reply.GetProperty("usage");

        Assert.Equal((8, 0), (first.GetProperty("cacheWriteInputTokens").GetInt32(), first.GetProperty("cacheReadInputTokens").GetInt32()));
        Assert.Equal((0, 8), (second.GetProperty("cacheWriteInputTokens").GetInt32(), second.GetProperty("cacheReadInputTokens").GetInt32()));
        Assert.Equal(8 + second.GetProperty("inputTokens").GetInt32() + second.GetProperty("outputTokens").GetInt32(), second.GetProperty("totalTokens").GetInt32());
    }

    [Fact]
    public async Task Embeddings_Titan_IsOneVectorWithItsTokens()
    {
        var (_, reply, headers) = await SendAsync("""{"inputText":"12345678","dimensions":256}""", Path("invoke", "amazon.titan-embed-text-v2%3A0"));

        Assert.Equal(256, reply.GetProperty("embedding").GetArrayLength());
        Assert.Equal(2, reply.GetProperty("inputTextTokenCount").GetInt32());
        Assert.Equal("2", Assert.Single(headers.GetValues("X-Amzn-Bedrock-Input-Token-Count")));
    }

    [Fact]
    public async Task Embeddings_Cohere_AreOneVectorForEachText()
    {
        var (_, reply, headers) = await SendAsync("""{"texts":["1234","5678"],"input_type":"search_document","embedding_types":["float"]}""", Path("invoke", "cohere.embed-english-v3"));

        Assert.Equal(2, reply.GetProperty("embeddings").GetProperty("float").GetArrayLength());
        Assert.Equal("2", Assert.Single(headers.GetValues("X-Amzn-Bedrock-Input-Token-Count")));
    }

    private async Task AssertRefusedAsync(HttpRequestMessage request, int status, string exception)
    {
        using var response = await Http.SendAsync(request, Timeout);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.StartsWith(exception + ":", Assert.Single(response.Headers.GetValues("x-amzn-errortype")), StringComparison.Ordinal);
        Assert.NotEmpty((await ReadAsync(response)).GetProperty("message").GetString()!);
    }

    private async Task<(int Status, JsonElement Reply, System.Net.Http.Headers.HttpResponseHeaders Headers)> SendAsync(string body, string? path = null)
    {
        using var request = SignedRequest.Post(Simulator.BaseUrl, path ?? Path("converse"), body);
        using var response = await Http.SendAsync(request, Timeout);
        return ((int)response.StatusCode, await ReadAsync(response), response.Headers);
    }
}
