using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Anthropic;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Tests.Anthropic;

/// <summary>What Anthropic reports beside the token classes and charges for: the tier, and cache entries that live an hour.</summary>
public sealed class AnthropicBilledTests
{
    private const string Usage =
        """{"input_tokens":10,"cache_creation_input_tokens":300,"cache_read_input_tokens":0,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":200},"output_tokens":1,"service_tier":"priority"}""";

    private static readonly PriceComponents Price = new() { Input = 3_000_000_000, Output = 15_000_000_000, CacheWrite = 3_750_000_000, CacheWrite1h = 6_000_000_000 };

    [Fact]
    public void WholeReply_WithAnHoursCache_CostsAnHoursPrice()
    {
        var facts = new ReplyFacts();
        var body = System.Text.Encoding.UTF8.GetBytes(
            $$"""{"id":"m","type":"message","role":"assistant","model":"claude","content":[{"type":"text","text":"\"service_tier\":\"batch\""}],"stop_reason":"end_turn","usage":{{Usage}}}""");

        Assert.True(AnthropicReplyFacts.TryRead(body, facts));

        Holds(facts);
    }

    [Fact]
    public void Stream_WithAnHoursCache_CostsAnHoursPrice()
    {
        var facts = new ReplyFacts();
        var start = System.Text.Encoding.UTF8.GetBytes(
            $$$"""{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"claude","content":[],"usage":{{{Usage}}}}}""");

        Assert.Equal(StreamAction.Forward, AnthropicStreamFacts.Read(start, facts).Action);

        Holds(facts);
    }

    private static void Holds(ReplyFacts facts)
    {
        Assert.Equal("priority", facts.ServiceTier);
        Assert.Equal(200, facts.Units.CacheWrite1hTokens);
        // 10 x $3 + 100 x $3.75 + 200 x $6 + 1 x $15 per million tokens.
        Assert.Equal(1_620_000, CostCalculator.CostOf(Price, facts.Usage!.Value, facts.Units, facts.ServiceTier));
    }
}
