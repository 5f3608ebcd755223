using System.Buffers;
using System.Text;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Anthropic;
using AspireGateway.Gateway.Providers.Calling;

namespace AspireGateway.Gateway.Tests.Anthropic;

/// <summary>Where operations go, with what, and how the caller's own bytes pass.</summary>
public sealed class AnthropicModuleTests
{
    private readonly AnthropicModule module = new();

    [Fact]
    public async Task Request_OfTheSameDialect_PassesWithAnotherModel()
    {
        const string Tail = """ ,"max_tokens":0,"thinking":{"type":"adaptive"},"tools":[{"type":"web_search_20250305","name":"web_search"}],"messages":[{"role":"user","content":"Hi"}],"unknown":[1.50]}""";
        var body = Encoding.UTF8.GetBytes("""{ "model" : "logical" """.TrimEnd() + Tail);
        var rented = ArrayPool<byte>.Shared.Rent(body.Length);
        body.CopyTo(rented, 0);
        using var facts = new RequestFacts(rented, body.Length);
        facts.HasModelField = true;
        facts.ModelRange = 12..21;

        using var content = new SplicedContent(facts, module.DirectFor(Operation.Messages)!.EditRequest(facts, AnthropicCase.Deployment(), new DroppedFields()));

        Assert.Equal("""{ "model" : "claude-sonnet-4-5-20250929" """.TrimEnd() + Tail, await content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Authorization_IsTheApisOwnHeader()
    {
        using var request = new HttpRequestMessage();
        await module.Authorize("secret", AnthropicCase.Deployment().Provider)!.ApplyAsync(request, null, TestContext.Current.CancellationToken);

        Assert.Equal("secret", Assert.Single(request.Headers.GetValues("x-api-key")));
        Assert.Null(request.Headers.Authorization);
    }

    [Fact]
    public void Targets_CarryTheVersionAndLetTheCallersPass()
    {
        var chat = module.TargetOf(Operation.Messages, AnthropicCase.Deployment(), stream: true)!;

        Assert.Equal("/messages", chat.Path);
        Assert.Equal(("anthropic-version", "2023-06-01"), Assert.Single(chat.Headers));
        Assert.Equal(["anthropic-version", "anthropic-beta"], chat.CallerHeaders);
        Assert.Equal("/messages", module.TargetOf(Operation.ChatCompletions, AnthropicCase.Deployment(), stream: false)!.Path);
        Assert.Equal("/messages/count_tokens", module.TargetOf(Operation.CountTokens, AnthropicCase.Deployment(), stream: false)!.Path);
    }

    [Fact]
    public void Operations_OfOtherDialects_AreNotPassedOn()
    {
        Assert.NotNull(module.DirectFor(Operation.Messages));
        Assert.NotNull(module.DirectFor(Operation.CountTokens));
        Assert.Null(module.DirectFor(Operation.ChatCompletions));
        Assert.Null(module.DirectFor(Operation.Embeddings));
    }

    [Theory]
    [InlineData("claude-3-7-sonnet-20250219", 37, "sonnet")]
    [InlineData("claude-3-haiku-20240307", 30, "haiku")]
    [InlineData("claude-sonnet-4-20250514", 40, "sonnet")]
    [InlineData("claude-sonnet-4-5@20250929", 45, "sonnet")]
    [InlineData("us.anthropic.claude-opus-4-1-20250805-v1:0", 41, "opus")]
    [InlineData("anthropic/claude-opus-4.7", 47, "opus")]
    [InlineData("claude-opus-5", 50, "opus")]
    [InlineData("claude-sonnet-5-5", 55, "sonnet")]
    [InlineData("claude-instant-v1", null, "instant")]
    [InlineData("glm-5", null, "")]
    public void Traits_AreReadFromTheName(string model, int? version, string family)
    {
        var traits = AnthropicModelTraits.Of(model);

        Assert.Equal((version, family), (traits.Version, traits.Family));
    }

    [Fact]
    public void Answer_OfABrokenStream_IsCountedByWhatCame()
    {
        var facts = new ReplyFacts();
        var direct = module.DirectFor(Operation.Messages)!;
        direct.ReadEvent("""{"type":"message_start","message":{"model":"m","usage":{"input_tokens":5,"output_tokens":1}}}"""u8, facts, hideUsage: false);
        direct.ReadEvent("""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"12\"45"}}"""u8, facts, hideUsage: false);
        direct.ReadEvent("""{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"12345"}}"""u8, facts, hideUsage: false);
        direct.ReadEvent("""{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":"{\"text\":\"no\"}"}}"""u8, facts, hideUsage: false);
        direct.ReadEvent("""{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"xxxxx"}}"""u8, facts, hideUsage: false);

        Assert.False(facts.IsFinished);
        Assert.Equal(4, facts.ContentEvents);
        Assert.Equal(6 + 5 + 17, facts.ContentBytes);
        Assert.Equal(5, facts.Usage!.Value.Input);
        Assert.Equal(StreamAction.Done, direct.ReadEvent("""{"type": "message_stop"}"""u8, facts, hideUsage: false).Action);
    }
}
