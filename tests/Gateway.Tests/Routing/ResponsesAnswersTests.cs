using System.Text;
using AspireGateway.Gateway.Ingress.Responses;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.OpenAi;
using AspireGateway.Gateway.Routing.Cascades;
using AspireGateway.Shared.Domain.Routing;

namespace AspireGateway.Gateway.Tests.Routing;

/// <summary>Answers of the Responses API that pass as they are, looked at by a cascade's gate.</summary>
public sealed class ResponsesAnswersTests
{
    private const string Words = """{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Paris \"it\" is.","annotations":[],"logprobs":[]}]}""";
    private const string Call = """{"type":"function_call","call_id":"c","name":"look","arguments":"{}"}""";
    private const string Search = """{"type":"web_search_call","id":"ws","status":"completed"}""";

    private static readonly ResponsesDirectOperation Operation = new();

    [Theory]
    [InlineData("completed", null, Words, null)]
    [InlineData("completed", null, Search + "," + Words, null)]
    [InlineData("incomplete", "max_output_tokens", Words, "finish_reason")]
    [InlineData("incomplete", "content_filter", Words, "finish_reason")]
    [InlineData("completed", null, """{"type":"message","content":[{"type":"refusal","refusal":"No."}]}""", "refusal")]
    [InlineData("completed", null, """{"type":"message","content":[{"type":"output_text","text":"I\u2019m sorry, but I can\u2019t help with that."}]}""", "refusal")]
    [InlineData("completed", null, Search, "length")]
    [InlineData("completed", null, "", "length")]
    // Who has to act first is the caller.
    [InlineData("completed", null, Call, null)]
    [InlineData("completed", null, """{"type":"mcp_approval_request","id":"a","name":"n","arguments":"{}"}""", null)]
    public void WholeAnswer_IsScored(string status, string? reason, string output, string? check)
    {
        var whole = new ReplyBuilder();
        Assert.True(Operation.Answers!.TryRead(Utf8(Response(status, reason, output)), whole));

        Assert.Equal(check, QualityGate.Score(whole.Finish(), null, new()).Check);
    }

    [Fact]
    public void Text_AndLogprobs_ComeThrough()
    {
        var whole = new ReplyBuilder();
        const string Item = """{"type":"message","content":[{"type":"output_text","text":"Paris \"it\" is.","logprobs":[{"token":"a","logprob":-0.5,"top_logprobs":[{"token":"b","logprob":-9}]}]}]}""";
        Assert.True(Operation.Answers!.TryRead(Utf8(Response("completed", null, Item)), whole));
        var reply = whole.Finish();

        Assert.Equal("Paris \"it\" is.", QualityGate.TextOf(Assert.Single(reply.Choices)));
        var verdict = QualityGate.Score(reply, null, new());
        Assert.Equal((CascadeChecks.Logprobs, Math.Round(Math.Exp(-0.5), 6)), (verdict.Check, Math.Round(verdict.Score, 6)));
    }

    [Theory]
    [InlineData("""{"status":"queued","output":[]}""")]
    [InlineData("""{"status":"failed","output":[]}""")]
    [InlineData("""{"status":"completed","output":3}""")]
    [InlineData("""{"status":"completed","output":[{"type":"message","content":[{"type":"output_text"}]}]}""")]
    [InlineData("""{"output":[]}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public void WhatIsNoEndedAnswer_IsNotLookedAt(string body) => Assert.False(Operation.Answers!.TryRead(Utf8(body), new ReplyBuilder()));

    [Fact]
    public void Stream_IsReadFromItsLastEvent_AndItsFactsOnce()
    {
        var facts = new ReplyFacts();
        var whole = new ReplyBuilder();
        var stream = Operation.Answers!.OpenStream(facts);
        Assert.Equal(StreamStep.More, stream.Read("""{"type":"response.created","response":{"model":"m-1","status":"in_progress","output":[]}}"""u8, whole));
        Assert.Equal(StreamStep.More, stream.Read("""{"type":"response.output_text.delta","delta":"Paris"}"""u8, whole));
        Assert.Equal(StreamStep.Failed, Operation.Answers.OpenStream(new()).End(whole));
        var last = Response("completed", null, Words).Replace("\"status\"", "\"usage\":{\"input_tokens\":7,\"output_tokens\":3,\"total_tokens\":10},\"status\"", StringComparison.Ordinal);
        Assert.Equal(StreamStep.Done, stream.Read(Utf8($$"""{"type":"response.completed","response":{{last}}}"""), whole));

        Assert.Equal("Paris \"it\" is.", QualityGate.TextOf(whole.Finish().Choices[0]));
        Assert.Equal((5, 1, "m-1", new TokenUsage(7, 0, 0, 3, 0)), (facts.ContentBytes, facts.ContentEvents, facts.ServedModel, facts.Usage));
    }

    [Fact]
    public void Stream_ThatFails_SaysWhy()
    {
        var stream = Operation.Answers!.OpenStream(new());
        Assert.Equal(StreamStep.Failed, stream.Read("""{"type":"response.failed","response":{"error":{"code":"rate_limit_exceeded","message":"slow"}}}"""u8, new ReplyBuilder()));
        Assert.Equal("rate_limited", stream.Failure!.Outcome);
    }

    [Fact]
    public void Request_OnlyForOpenAi_StillTellsItsFormAndWords()
    {
        var body = Utf8("""{"model":"m","previous_response_id":"r1","tools":[{"type":"web_search"}],"input":"Which city?","text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"}}}}""");
        Assert.NotNull(new ResponsesRequestDialect().Read(body, new()));
        var seen = ResponsesRequestDialect.Glimpse(body);

        Assert.Equal("""{"type":"object"}""", Encoding.UTF8.GetString(seen.ResponseFormat!.Schema.Bytes.Span));
        Assert.Equal("Which city?", ((TextPart)Assert.Single(Assert.Single(seen.Messages).Parts)).Text.ToString());
    }

    private static string Response(string status, string? reason, string output) =>
        $$"""{"id":"r","object":"response","status":"{{status}}","incomplete_details":{{(reason is null ? "null" : $$"""{"reason":"{{reason}}"}""")}},"model":"m-1","output":[{{output}}]}""";

    private static byte[] Utf8(string json) => Encoding.UTF8.GetBytes(json);
}
