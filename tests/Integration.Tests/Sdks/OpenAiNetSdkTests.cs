using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;

namespace AspireGateway.Integration.Tests.Sdks;

/// <summary>The official OpenAI SDK for .NET, unmodified, against every provider.</summary>
public sealed class OpenAiNetSdkTests(EveryProviderFixture fixture) : IClassFixture<EveryProviderFixture>
{
    private static readonly ChatTool Weather = ChatTool.CreateFunctionTool(
        "get_weather", "The weather of a city",
        BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}},"required":["city"],"additionalProperties":false}"""));

    public static TheoryData<string> Embedding => [.. EveryProviderFixture.Embedders.Keys];

    public static TheoryData<string> Protocols => [.. EveryProviderFixture.Providers.Select(p => p.Protocol)];

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Chat_Streamed_IsTheWholeInPieces(string protocol)
    {
        var client = Client(protocol);
        ChatCompletion whole = await client.CompleteChatAsync("Tell me something");
        var text = new StringBuilder();
        ChatFinishReason? finish = null;
        ChatTokenUsage? usage = null;
        await foreach (var update in client.CompleteChatStreamingAsync("Tell me something"))
        {
            foreach (var part in update.ContentUpdate) text.Append(part.Text);
            finish = update.FinishReason ?? finish;
            usage = update.Usage ?? usage;
        }

        Assert.NotEmpty(whole.Content[0].Text);
        Assert.Equal(whole.Content[0].Text, text.ToString());
        Assert.Equal(ChatFinishReason.Stop, finish);
        Assert.True(whole.Usage.OutputTokenCount > 0);
        // The SDK asks for usage by itself.
        Assert.Equal(whole.Usage.OutputTokenCount, usage!.OutputTokenCount);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Chat_Tools_GoRound(string protocol)
    {
        var client = Client(protocol);
        List<ChatMessage> messages = [new SystemChatMessage("Use the tools."), new UserChatMessage("call get_weather")];
        var options = new ChatCompletionOptions { Tools = { Weather } };

        ChatCompletion asked = await client.CompleteChatAsync(messages, options);
        Assert.Equal(ChatFinishReason.ToolCalls, asked.FinishReason);
        var call = Assert.Single(asked.ToolCalls);
        using var arguments = JsonDocument.Parse(call.FunctionArguments);
        Assert.Equal(JsonValueKind.String, arguments.RootElement.GetProperty("city").ValueKind);

        messages.Add(new AssistantChatMessage(asked));
        messages.Add(new ToolChatMessage(call.Id, """{"degrees":21}"""));
        ChatCompletion answered = await client.CompleteChatAsync(messages, options);
        Assert.Equal(ChatFinishReason.Stop, answered.FinishReason);
        Assert.NotEmpty(answered.Content[0].Text);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Chat_RateLimited_SaysWhenToTryAgain(string protocol)
    {
        var fault = await Assert.ThrowsAsync<ClientResultException>(() => Client(protocol).CompleteChatAsync("[[sim: status=429; retry-after=7]] x"));

        Assert.Equal(429, fault.Status);
        Assert.True(fault.GetRawResponse()!.Headers.TryGetValue("Retry-After", out var after));
        Assert.Equal("7", after);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Chat_Left_LeavesOneRecord(string protocol)
    {
        var id = "leaving-" + protocol;
        using var leave = new CancellationTokenSource();
        var options = Options();
        options.AddPolicy(new RequestIdPolicy(id), PipelinePosition.PerCall);
        var client = new ChatClient("on-" + protocol, new ApiKeyCredential(fixture.World.Key), options);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage("[[sim: chunks=2000; chunk-ms=20]] x")], null, leave.Token))
                if (update.ContentUpdate.Count > 0) await leave.CancelAsync();
        });

        Assert.Equal("aborted", (await fixture.World.RecordAsync(id)).Status);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Chat_StructuredOutput_FitsItsSchema(string protocol)
    {
        var options = new ChatCompletionOptions
        {
            ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat(
                "person", BinaryData.FromString("""{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"],"additionalProperties":false}"""),
                jsonSchemaIsStrict: true),
        };

        ChatCompletion reply = await Client(protocol).CompleteChatAsync([new UserChatMessage("Who?")], options);

        using var person = JsonDocument.Parse(reply.Content[0].Text);
        Assert.Equal(JsonValueKind.String, person.RootElement.GetProperty("name").ValueKind);
        Assert.True(person.RootElement.GetProperty("age").TryGetInt32(out _));
    }

    [Theory]
    [MemberData(nameof(Embedding))]
    public async Task Embeddings_AreNumbers(string protocol)
    {
        var client = new OpenAIClient(new ApiKeyCredential(fixture.World.Key), Options()).GetEmbeddingClient("embed-on-" + protocol);

        var vectors = (await client.GenerateEmbeddingsAsync(["one", "two"])).Value;

        Assert.Equal(2, vectors.Count);
        foreach (var vector in vectors)
        {
            Assert.Contains(vector.ToFloats().ToArray(), x => x != 0);
            Assert.All(vector.ToFloats().ToArray(), x => Assert.InRange(x, -1.01f, 1.01f));
        }
    }

    [Fact]
    public async Task Errors_HaveTheStatusThatTheSdkExpects()
    {
        var stranger = new ChatClient("on-openai", new ApiKeyCredential("agw-0000000000000000000000"), Options());
        Assert.Equal(401, (await Assert.ThrowsAsync<ClientResultException>(() => stranger.CompleteChatAsync("x"))).Status);
        var nowhere = new ChatClient("no-such-model", new ApiKeyCredential(fixture.World.Key), Options());
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => nowhere.CompleteChatAsync("x"))).Status);
        Assert.Equal(400, (await Assert.ThrowsAsync<ClientResultException>(() => Client("anthropic").CompleteChatAsync("[[sim: status=400]] x"))).Status);
    }

    private ChatClient Client(string protocol) => new("on-" + protocol, new ApiKeyCredential(fixture.World.Key), Options());

    private OpenAIClientOptions Options() =>
        new() { Endpoint = new Uri(fixture.Gateway.Address, "v1"), RetryPolicy = new ClientRetryPolicy(0), NetworkTimeout = TimeSpan.FromSeconds(30) };

    private sealed class RequestIdPolicy(string id) : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Set("x-request-id", id);
            ProcessNext(message, pipeline, currentIndex);
        }

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
        {
            message.Request.Headers.Set("x-request-id", id);
            return ProcessNextAsync(message, pipeline, currentIndex);
        }
    }
}
