using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Anthropic;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Anthropic;

/// <summary>Tokens by class: none is counted twice, none is lost, and none is negative, whatever is reported.</summary>
public sealed class AnthropicUsageTests
{
    [Fact]
    public void Usage_OfAnyReport_SumsUpToTheProvidersTotal()
    {
        Prop.ForAll<(NonNegativeInt, NonNegativeInt, NonNegativeInt, (NonNegativeInt, NonNegativeInt))>(given =>
        {
            var (input, read, written, (output, thinking)) = given;
            var usage = Read($$$"""
                {"input_tokens":{{{input.Get}}},"cache_read_input_tokens":{{{read.Get}}},"cache_creation_input_tokens":{{{written.Get}}},
                 "output_tokens":{{{output.Get}}},"output_tokens_details":{"thinking_tokens":{{{thinking.Get}}}}}
                """)!.Value;
            return usage.Input + usage.CacheRead + usage.CacheWrite + usage.Output == (long)input.Get + read.Get + written.Get + output.Get
                && usage.TotalInput == (long)input.Get + read.Get + written.Get && usage.Reasoning <= usage.Output;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Usage_OfNonsense_IsNeverNegative()
    {
        var value = Gen.Elements("-1", "9223372036854775807", "-9223372036854775808", "1e400", "1.5", "null", "\"7\"", "{}", "[3]", "18446744073709551616", "12");
        Prop.ForAll(value.ArrayOf(5).ToArbitrary(), v =>
        {
            var json = $$$"""{"input_tokens":{{{v[0]}}},"cache_read_input_tokens":{{{v[1]}}},"cache_creation_input_tokens":{{{v[2]}}},"output_tokens":{{{v[3]}}},"output_tokens_details":{"thinking_tokens":{{{v[4]}}}}}""";
            if (Read(json) is not { } usage) return true;
            return usage is { Input: >= 0, CacheRead: >= 0, CacheWrite: >= 0, Output: >= 0, Reasoning: >= 0, TotalInput: >= 0 }
                && usage.Reasoning <= usage.Output && usage.TotalInput + usage.Output >= 0;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("""{"output_tokens":9}""", 12, 5, 3, 9)]
    [InlineData("""{"input_tokens":13,"output_tokens":9,"cache_read_input_tokens":0}""", 13, 0, 3, 9)]
    [InlineData("""{"server_tool_use":{}}""", 12, 5, 3, 1)]
    [InlineData("null", 12, 5, 3, 1)]
    public void Usage_OfALaterReport_ReplacesWhatItNames(string json, long input, long read, long written, long output) =>
        Assert.Equal(new TokenUsage(input, read, written, output, 0), Read(json, new TokenUsage(12, 5, 3, 1, 0)));

    [Fact]
    public void Counting_OfTokens_CostsNothing()
    {
        var facts = new ReplyFacts();

        Assert.True(new AnthropicCountOperation().TryReadReply("""{"input_tokens":2095}"""u8, facts));
        Assert.Equal(default(TokenUsage), facts.Usage);
        Assert.False(new AnthropicCountOperation().TryReadReply("""{"type":"error"}"""u8, new ReplyFacts()));
    }

    private static TokenUsage? Read(string json, TokenUsage? before = null)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return AnthropicUsage.Read(ref reader, before);
    }
}
