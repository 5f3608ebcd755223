using System.Text;
using AspireGateway.Gateway.PassThrough;
using AspireGateway.Gateway.Pipeline;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.PassThrough;

public sealed class ReplyWatchTests
{
    private const string AnthropicStream =
        """
        event: message_start
        data: {"type":"message_start","message":{"id":"m","model":"claude-x","content":[],"usage":{"input_tokens":10,"cache_creation_input_tokens":3,"cache_read_input_tokens":5,"output_tokens":1}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"\"usage\":{\"output_tokens\":999}"}}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":42}}


        """;

    public static TheoryData<bool, string, string?, long[]?> Cases => new()
    {
        { false, """{"id":"c","model":"gpt-x","choices":[{"message":{"content":"{\"usage\":{\"prompt_tokens\":1}}","usage":{"prompt_tokens":9}}}],"usage":{"prompt_tokens":100,"completion_tokens":20,"prompt_tokens_details":{"cached_tokens":30},"completion_tokens_details":{"reasoning_tokens":7}}}""", "gpt-x", [70, 30, 0, 20, 7] },
        { false, "{\n  \"usage\" : { \"input_tokens\" : 10, \"output_tokens\":2, \"cache_read_input_tokens\":4 },\n \"content\":[{\"type\":\"tool_use\",\"input\":{\"usage\":{\"input_tokens\":77},\"model\":\"fake\"}}],\n \"model\":\"claude-x\"}", "claude-x", [10, 4, 0, 2, 0] },
        { false, """[{"candidates":[{"usageMetadata":{"promptTokenCount":5}}],"modelVersion":"g"},{"usageMetadata":{"promptTokenCount":8,"candidatesTokenCount":3,"thoughtsTokenCount":4,"cachedContentTokenCount":2}}]""", "g", [6, 2, 0, 7, 4] },
        { false, """{"output":{"message":{"usage":{"inputTokens":1}}},"usage":{"inputTokens":11,"outputTokens":6,"totalTokens":17,"cacheReadInputTokens":3,"cacheWriteInputTokens":2}}""", null, [11, 3, 2, 6, 0] },
        { false, """{"data":[{"embedding":[0.1,0.2]}],"model":"e","usage":{"total_tokens":12}}""", "e", [12, 0, 0, 0, 0] },
        { false, """{"data":[],"usage":null}""", null, null },
        { false, """{"messages":{"usage":{"input_tokens":1}},"metadata":{"response":{"usage":{"input_tokens":1}}}}""", null, null },
        { true, AnthropicStream, "claude-x", [10, 5, 3, 42, 0] },
        { true, "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{\"model\":\"o\",\"usage\":{\"input_tokens\":9,\"input_tokens_details\":{\"cached_tokens\":4},\"output_tokens\":5}}}\n\n", "o", [5, 4, 0, 5, 0] },
        { true, "data: {\"model\":\"broken\nno json \"here\ndata: {\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1}}\n\ndata: [DONE]\n\n", null, [3, 0, 0, 1, 0] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Report_IsFound_HoweverTheBytesCome(bool isStream, string reply, string? model, long[]? usage)
    {
        var bytes = Encoding.UTF8.GetBytes(reply);
        for (var split = 0; split <= bytes.Length; split++)
        {
            var watch = new ReplyWatch(isStream);
            watch.Read(bytes.AsSpan(0, split));
            watch.Read(bytes.AsSpan(split));

            Assert.Equal(model, watch.ServedModel);
            Assert.Equal(usage is null ? null : new TokenUsage(usage[0], usage[1], usage[2], usage[3], usage[4]), watch.Usage.Tokens);
        }
    }

    [Fact]
    public void Events_AreCounted()
    {
        var watch = new ReplyWatch(isStream: true);
        watch.Read(Encoding.UTF8.GetBytes(AnthropicStream));

        Assert.Equal(3, watch.Events);
    }

    [Fact]
    public void Watch_TakesAnything_AndNeverReportsLessThanNothing()
    {
        var good = Encoding.UTF8.GetBytes(AnthropicStream);
        var replies =
            from at in Gen.Choose(0, good.Length - 1)
            from length in Gen.Choose(0, 20)
            from noise in Gen.Elements("{}[]\":,\\\n-9e"u8.ToArray()).ArrayOf(length)
            select (byte[])[.. good[..at], .. noise, .. good[at..]];

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(10_000), Prop.ForAll(replies.ToArbitrary(), reply =>
        {
            var watch = new ReplyWatch(isStream: true);
            watch.Read(reply);
            return watch.Usage.Tokens is not { } tokens || Math.Min(Math.Min(tokens.Input, tokens.CacheRead), Math.Min(Math.Min(tokens.CacheWrite, tokens.Output), tokens.Reasoning)) >= 0;
        }));
    }

    [Fact]
    public void OpenAisReport_ClassesAddUpToItsTotal()
    {
        var counts = Gen.Choose(0, 5_000).ArrayOf(4);
        Prop.ForAll(counts.ToArbitrary(), n =>
        {
            var report = new ReportedUsage();
            report.Take(Encoding.UTF8.GetBytes($$"""{"prompt_tokens":{{n[0]}},"completion_tokens":{{n[1]}},"prompt_tokens_details":{"cached_tokens":{{n[2]}} },"completion_tokens_details":{"reasoning_tokens":{{n[3]}} } }"""));
            var tokens = report.Tokens!.Value;
            return tokens.TotalInput == n[0] && tokens.Output == n[1] && tokens.Reasoning <= tokens.Output && tokens.Input >= 0;
        }).QuickCheckThrowOnFailure();
    }
}
