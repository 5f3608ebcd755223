using System.Text;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers.Bedrock;
using AspireGateway.Gateway.Tests.Golden;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Bedrock;

/// <summary>What a whole reply of Converse means.</summary>
public sealed class BedrockReplyTests
{
    public static TheoryData<string> Cases => [.. GoldenCases.In("BedrockReplies", "json")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Reply_Events_EqualGolden(string name)
    {
        var dump = new EventDump();
        var isReply = BedrockReplyReader.TryRead(GoldenCases.Read("BedrockReplies", name, "in", "json"), dump);
        var told = isReply ? dump.ToString() : "no reply\n";
        Assert.Equal(Encoding.UTF8.GetString(GoldenCases.Read("BedrockReplies", name, "out", "txt")), told);
    }

    [Fact]
    public void Usage_OfAnyReport_SumsToTheTotalAndIsNeverNegative()
    {
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(
            ArbMap.Default.ArbFor<(int Input, int Read, int Write, int Output)>(),
            counts =>
            {
                var (input, read, write, output) = (Math.Abs((long)counts.Input), Math.Abs((long)counts.Read), Math.Abs((long)counts.Write), Math.Abs((long)counts.Output));
                var usage = UsageOf($$"""{"inputTokens":{{input}},"cacheReadInputTokens":{{read}},"cacheWriteInputTokens":{{write}},"outputTokens":{{output}},"totalTokens":{{input + read + write + output}}}""");
                return usage is { } told && told.TotalInput + told.Output == input + read + write + output
                    && told is { Input: >= 0, CacheRead: >= 0, CacheWrite: >= 0, Output: >= 0, Reasoning: >= 0 };
            }));
    }

    [Theory]
    [InlineData("""{"inputTokens":-5,"outputTokens":3}""", 0, 0, 0, 3)]
    [InlineData("""{"inputTokens":5,"cacheReadInputTokens":-1,"cacheWriteInputTokens":"x","outputTokens":3.5}""", 5, 0, 0, 0)]
    [InlineData("""{"inputTokens":5,"outputTokens":99999999999999999999999}""", 5, 0, 0, 0)]
    [InlineData("""{"inputTokens":9223372036854775807,"outputTokens":9223372036854775807}""", 1_000_000_000_000, 0, 0, 1_000_000_000_000)]
    [InlineData("""{"inputTokens":{"a":[1,2]},"outputTokens":null,"cacheReadInputTokens":4}""", -1, 0, 0, 0)]
    public void Usage_ThatMakesNoSense_StaysInBounds(string json, long input, long read, long write, long output)
    {
        var usage = UsageOf(json);
        if (input < 0) Assert.Null(usage);
        else Assert.Equal(new Gateway.Pipeline.TokenUsage(input, read, write, output, 0), usage);
    }

    private static Gateway.Pipeline.TokenUsage? UsageOf(string usage)
    {
        var whole = new ReplyBuilder();
        var body = """{"output":{"message":{"role":"assistant","content":[{"text":"Hi"}]}},"stopReason":"end_turn","usage":""" + usage + "}";
        Assert.True(BedrockReplyReader.TryRead(Encoding.UTF8.GetBytes(body), whole));
        return whole.Finish().Usage;
    }
}
