using System.Text;
using System.Text.Json;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.OpenAi;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.OpenAi;

public sealed class OpenAiUsageTests
{
    [Fact]
    public void Classes_AreDisjoint_AndSumUpToTheProvidersTotal()
    {
        var counts = Gen.Choose(0, 2_000_000);
        var reports =
            from input in counts
            from output in counts
            from cached in Gen.Choose(0, input)
            from written in Gen.Choose(0, input - cached)
            from reasoning in Gen.Choose(0, output)
            from form in Gen.Choose(0, 3)
            select (input, output, cached, written, reasoning, form);
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(10_000), Prop.ForAll(reports.ToArbitrary(), report =>
        {
            var (input, output, cached, written, reasoning, form) = report;
            var json = form switch
            {
                // xAI: reasoning beside the completion.
                0 => $$"""{"prompt_tokens":{{input}},"completion_tokens":{{output - reasoning}},"total_tokens":{{input + output}},"prompt_tokens_details":{"cached_tokens":{{cached}},"cache_write_tokens":{{written}}},"completion_tokens_details":{"reasoning_tokens":{{reasoning}}} }""",
                1 => $$"""{"total_tokens":{{input + output}},"completion_tokens_details":{"reasoning_tokens":{{reasoning}}},"prompt_tokens_details":{"cache_write_tokens":{{written}}},"prompt_cache_hit_tokens":{{cached}},"completion_tokens":{{output}},"prompt_tokens":{{input}}}""",
                2 => $$"""{"input_tokens":{{input}},"input_tokens_details":{"cached_tokens":{{cached}},"cache_write_tokens":{{written}}},"output_tokens":{{output}},"output_tokens_details":{"reasoning_tokens":{{reasoning}}},"total_tokens":{{input + output}}}""",
                _ => $$"""{"prompt_tokens":{{input}},"completion_tokens":{{output}},"total_tokens":{{input + output}},"prompt_tokens_details":{"cached_tokens":{{cached}},"cache_write_tokens":{{written}}},"completion_tokens_details":{"reasoning_tokens":{{reasoning}}} }""",
            };
            var usage = Read(json)!.Value;
            return usage == new TokenUsage(input - cached - written, cached, written, output, reasoning) && usage.TotalInput + usage.Output == input + output;
        }));
    }

    [Theory]
    [InlineData("""{"prompt_tokens":5,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":50,"cache_write_tokens":7}}""", 0, 5, 0, 1, 0)]
    [InlineData("""{"prompt_tokens":-5,"completion_tokens":3,"completion_tokens_details":{"reasoning_tokens":9}}""", 0, 0, 0, 3, 3)]
    [InlineData("""{"prompt_tokens":9223372036854775807,"completion_tokens":3,"total_tokens":9223372036854775807}""", 0, 0, 0, 3, 0)]
    [InlineData("""{"prompt_tokens":1.5,"completion_tokens":"2","input_tokens":7}""", 7, 0, 0, 0, 0)]
    public void Report_ThatContradictsItself_GivesNoNegativeClass(string json, long input, long read, long write, long output, long reasoning) =>
        Assert.Equal(new TokenUsage(input, read, write, output, reasoning), Read(json));

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("""{"total_tokens":5}""")]
    public void Report_WithoutCounts_IsMissingAndNotZero(string json) => Assert.Null(Read(json));

    private static TokenUsage? Read(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return OpenAiUsage.Read(ref reader);
    }
}
