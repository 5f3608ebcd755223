using System.Text;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Ingress.Responses;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.OpenAi;
using AspireGateway.Gateway.Tests.Golden;
using AspireGateway.Gateway.Tests.Matrix;
using AspireGateway.Gateway.Tests.OpenAi;

namespace AspireGateway.Gateway.Tests.Responses;

public sealed class ResponsesGoldenTests
{
    private const string Completed =
        """{"type":"response.completed","sequence_number":9,"response":{"id":"resp_1","model":"gpt-5-2025","error":null,"output":[{"usage":{"input_tokens":99}}],"usage":{"input_tokens":10,"input_tokens_details":{"cached_tokens":4},"output_tokens":5,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":15}}}""";

    public static TheoryData<string> Requests => [.. GoldenCases.In("ResponsesDialect", "json")];

    [Theory]
    [MemberData(nameof(Requests))]
    public void Request_Read_EqualsGolden(string name) =>
        GoldenFile.Check("ResponsesDialect", name + ".out.txt", OpenAiCase.Dump(new ResponsesRequestDialect(), GoldenCases.Read("ResponsesDialect", name, "in", "json")));

    [Theory]
    [InlineData("openai", "/responses", true)]
    [InlineData("groq", "/chat/completions", false)]
    public void Module_TakesResponses_DirectlyOnlyWhereTheVendorHasThem(string name, string path, bool isDirect)
    {
        var module = ProviderModules.Find(name)!;

        Assert.Equal(path, module.TargetOf(Operation.Responses, Protocols.Deployment("openai"), stream: false)!.Path);
        Assert.Equal(isDirect, module.DirectFor(Operation.Responses) is not null);
        Assert.NotNull(module.DirectFor(Operation.ChatCompletions));
        Assert.Null(module.DirectFor(Operation.Messages));
    }

    [Fact]
    public async Task OwnDialect_OnItsWayToOpenAi_ChangesNothingButTheModel()
    {
        const string Body = """{"model":"m","input":[{"type":"item_reference","id":"x"}],"previous_response_id":"resp_1","stream":true,"background":true,"tools":[{"type":"web_search"}]}""";
        using var facts = OpenAiCase.Facts(Encoding.UTF8.GetBytes(Body), Operation.Responses);
        var edits = new ResponsesDirectOperation().EditRequest(facts, Protocols.Deployment("openai"), new DroppedFields());

        Assert.Equal(Body.Replace("\"m\"", "\"gpt-5\"", StringComparison.Ordinal), await OpenAiCase.SplicedAsync(facts, edits));
    }

    [Fact]
    public void Stream_PassedOn_IsReadForModelUsageAndEnd()
    {
        var facts = new ReplyFacts();

        Assert.Equal(StreamAction.Forward, Read("""{"type":"response.created","sequence_number":0,"response":{"id":"resp_1","model":"gpt-5-2025","error":null,"usage":null}}""", facts));
        Assert.Equal("gpt-5-2025", facts.ServedModel);
        Assert.Equal(StreamAction.Forward, Read("""{"type":"response.output_text.delta","sequence_number":4,"item_id":"msg_1","delta":"Hello"}""", facts));
        Assert.Equal((1, 5), (facts.ContentEvents, facts.ContentBytes));
        Assert.Equal(StreamAction.Forward, Read("""{"sequence_number":5,"type":"response.output_text.done","text":"\"type\":\"response.failed\""}""", facts));
        Assert.False(facts.IsFinished);
        Assert.Equal(StreamAction.Done, Read(Completed, facts));
        Assert.Equal(new TokenUsage(Input: 6, CacheRead: 4, CacheWrite: 0, Output: 5, Reasoning: 2), facts.Usage);
        Assert.True(facts.IsFinished);
    }

    [Fact]
    public void Stream_ThatEndsIncomplete_IsWholeToo() =>
        Assert.Equal(StreamAction.Done, Read(Completed.Replace("completed", "incomplete", StringComparison.Ordinal), new ReplyFacts()));

    [Theory]
    [InlineData("""{"type":"response.failed","response":{"error":{"code":"rate_limit_exceeded","message":"Slow down"}}}""", "rate_limited")]
    [InlineData("""{"type":"error","code":"server_error","message":"boom"}""", "server_error")]
    [InlineData("""{"type":"error","error":{"type":"invalid_request_error","code":"context_length_exceeded","message":"Too long"}}""", "context_length")]
    public void Stream_ThatFails_SaysWhy(string data, string outcome)
    {
        Assert.Equal(StreamAction.Fail, Read(data, new ReplyFacts()));
        Assert.Equal(outcome, new OpenAiModule().FailureIn(Encoding.UTF8.GetBytes(data))?.Outcome);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[DONE]")]
    [InlineData("{}")]
    [InlineData("""{"type":"response.completed","response":{"usage":{""")]
    public void Stream_OfNonsense_Fails(string data) => Assert.Equal(StreamAction.Fail, Read(data, new ReplyFacts()));

    [Fact]
    public void Reply_PassedOn_IsReadForModelAndUsage()
    {
        var facts = new ReplyFacts();

        Assert.True(new ResponsesDirectOperation().TryReadReply(
            """{"id":"resp_1","model":"gpt-5-2025","error":null,"output":[{"type":"message"}],"usage":{"input_tokens":10,"output_tokens":5,"total_tokens":15}}"""u8, facts));
        Assert.Equal(new TokenUsage(10, 0, 0, 5, 0), facts.Usage);
        Assert.Equal("gpt-5-2025", facts.ServedModel);
    }

    private static StreamAction Read(string data, ReplyFacts facts) => ResponsesStreamReader.Read(Encoding.UTF8.GetBytes(data), facts).Action;
}
