using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Gemini;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Gemini;

/// <summary>Token classes are disjoint and make up Google's own total.</summary>
public sealed class GeminiUsageTests
{
    [Fact]
    public void Classes_OfAnyReport_MakeUpTheTotal()
    {
        var counts = Gen.Choose(0, 2_000_000).ArrayOf(5);
        Prop.ForAll(counts.ToArbitrary(), given =>
        {
            var (prompt, cached, answers, thoughts, tools) = (given[0], Math.Min(given[1], given[0]), given[2], given[3], given[4]);
            var total = (long)prompt + answers + thoughts + tools;
            var usage = Read($$"""{"promptTokenCount":{{prompt}},"cachedContentTokenCount":{{cached}},"candidatesTokenCount":{{answers}},"thoughtsTokenCount":{{thoughts}},"toolUsePromptTokenCount":{{tools}},"totalTokenCount":{{total}}}""")!.Value;
            return usage.Input + usage.CacheRead + usage.CacheWrite + usage.Output == total && usage.CacheRead == cached && usage.Reasoning == thoughts && usage.Reasoning <= usage.Output;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
    }

    // Google bills a prompt that it read and blocked; the count stands behind the reason.
    [Theory]
    [InlineData("""{"promptFeedback":{"blockReason":"SAFETY"},"usageMetadata":{"promptTokenCount":40,"totalTokenCount":40}}""")]
    [InlineData("""{"usageMetadata":{"promptTokenCount":40,"totalTokenCount":40},"promptFeedback":{"blockReason":"SAFETY"}}""")]
    public void BlockedPrompt_SaysWhatItCost_AndThatItIsBlocked(string body)
    {
        var (whole, stream) = (new ReplyFacts(), new ReplyFacts());
        Assert.False(new GeminiChatTranslator(isVertex: false).TryReadReply(Encoding.UTF8.GetBytes(body), new FactsSink(whole, new ReplyBuilder())));
        Assert.Equal("content_filter", GeminiRejection.InWhole(Encoding.UTF8.GetBytes(body))?.Outcome);
        Assert.Equal(StreamStep.Failed, new GeminiChatTranslator(isVertex: false).OpenStream().Read(Encoding.UTF8.GetBytes(body), new FactsSink(stream, new ReplyBuilder())));
        Assert.Equal((40L, 40L), (whole.Usage?.Input, stream.Usage?.Input));
    }

    [Fact]
    public void Classes_OfNonsense_AreNeverNegative()
    {
        var count = Gen.Elements("-1", "0", "7", "9223372036854775807", "1e400", "1.5", "null", "\"5\"", "[]", "{\"a\":1}", "1000000000000");
        Prop.ForAll(count.ArrayOf(6).ToArbitrary(), given =>
        {
            var usage = Read($$"""{"promptTokenCount":{{given[0]}},"cachedContentTokenCount":{{given[1]}},"candidatesTokenCount":{{given[2]}},"thoughtsTokenCount":{{given[3]}},"toolUsePromptTokenCount":{{given[4]}},"totalTokenCount":{{given[5]}}}""");
            return usage is not { } known || known is { Input: >= 0, CacheRead: >= 0, CacheWrite: >= 0, Output: >= 0, Reasoning: >= 0 } && known.Reasoning <= known.Output;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"totalTokenCount\":5}")]
    [InlineData("null")]
    [InlineData("[1]")]
    public void NothingCounted_IsNoReport(string json) => Assert.Null(Read(json));

    private static TokenUsage? Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return GeminiUsage.Read(ref reader);
    }
}
