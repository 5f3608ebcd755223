using System.ClientModel;
using AspireGateway.Simulator.Recording;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace AspireGateway.Simulator.Tests.OpenAi;

/// <summary>The official SDK as the judge of the shapes.</summary>
public sealed class OfficialSdkTests : SimulatorTest
{
    private ChatClient Chat => new("sim-small", new ApiKeyCredential(Key), Options);

    private OpenAIClientOptions Options => new() { Endpoint = new Uri(Simulator.BaseUrl, "v1") };

    [Fact]
    public async Task Chat_Plain_IsUnderstood()
    {
        ChatCompletion reply = await Chat.CompleteChatAsync([new UserChatMessage("Say hello")], cancellationToken: Timeout);

        Assert.Equal(ChatFinishReason.Stop, reply.FinishReason);
        Assert.NotEmpty(reply.Content[0].Text);
        Assert.True(reply.Usage.TotalTokenCount > 0);
        Assert.Equal(KeyMask.Of(Key), Assert.Single(Simulator.Requests).Key);
    }

    [Fact]
    public async Task Chat_Streamed_IsUnderstoodWithUsage()
    {
        var text = "";
        ChatTokenUsage? usage = null;
        ChatFinishReason? finish = null;
        await foreach (var update in Chat.CompleteChatStreamingAsync([new UserChatMessage("Say hello")], cancellationToken: Timeout))
        {
            foreach (var part in update.ContentUpdate) text += part.Text;
            usage = update.Usage ?? usage;
            finish = update.FinishReason ?? finish;
        }

        Assert.NotEmpty(text);
        Assert.Equal(ChatFinishReason.Stop, finish);
        Assert.NotNull(usage);
    }

    [Fact]
    public async Task Chat_ToolCall_IsUnderstood()
    {
        var tool = ChatTool.CreateFunctionTool("lookup", "Looks up", BinaryData.FromString("""{"type":"object","properties":{"id":{"type":"string"}}}"""));

        ChatCompletion reply = await Chat.CompleteChatAsync([new UserChatMessage("call lookup")], new ChatCompletionOptions { Tools = { tool } }, Timeout);

        Assert.Equal(ChatFinishReason.ToolCalls, reply.FinishReason);
        Assert.Equal("lookup", Assert.Single(reply.ToolCalls).FunctionName);
    }

    [Fact]
    public async Task Embeddings_Asked_AreUnderstood()
    {
        var client = new EmbeddingClient("sim-embed", new ApiKeyCredential(Key), Options);

        OpenAIEmbeddingCollection reply = await client.GenerateEmbeddingsAsync(["one", "two"], new EmbeddingGenerationOptions { Dimensions = 32 }, Timeout);

        Assert.Equal(2, reply.Count);
        Assert.Equal(32, reply[1].ToFloats().Length);
    }

    [Fact]
    public async Task Error_Scripted_ReachesTheCallerWithItsStatus()
    {
        Simulator.Script("status=400; error-code=context_length_exceeded");

        var error = await Assert.ThrowsAsync<ClientResultException>(() => Chat.CompleteChatAsync([new UserChatMessage("x")], cancellationToken: Timeout));

        Assert.Equal(400, error.Status);
        Assert.Contains("context_length_exceeded", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RateLimit_Once_IsRetriedByTheSdk()
    {
        Simulator.Script("status=429; retry-after=0");

        ChatCompletion reply = await Chat.CompleteChatAsync([new UserChatMessage("x")], cancellationToken: Timeout);

        Assert.NotEmpty(reply.Content[0].Text);
        Assert.Equal([429, 200], Simulator.Requests.Select(r => r.Status));
    }
}
