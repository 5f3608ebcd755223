using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Prices;

namespace AspireGateway.Portal.Tests.Prices;

/// <summary>The book that comes with the build.</summary>
public sealed class PriceBookTests
{
    private static PriceBook Book => PriceBook.BuiltIn;

    [Theory]
    [InlineData(Protocols.OpenAi, "gpt-4o-mini", 150_000_000, 75_000_000, 600_000_000)]
    [InlineData(Protocols.Anthropic, "claude-sonnet-5-5", 2_000_000_000, 200_000_000, 10_000_000_000)]
    [InlineData(Protocols.Gemini, "gemini-2.5-flash", 300_000_000, 30_000_000, 2_500_000_000)]
    [InlineData(Protocols.Vertex, "gemini-2.5-flash", 300_000_000, 30_000_000, 2_500_000_000)]
    [InlineData(Protocols.Bedrock, "us.amazon.nova-micro-v1:0", 35_000_000, 8_750_000, 140_000_000)]
    [InlineData(Protocols.AzureOpenAi, "gpt-4.1", 2_000_000_000, 500_000_000, 8_000_000_000)]
    [InlineData(Protocols.Groq, "openai/gpt-oss-20b", 75_000_000, 37_500_000, 300_000_000)]
    [InlineData(Protocols.Mistral, "mistral-large-4", 680_000_000, 70_000_000, 2_090_000_000)]
    [InlineData(Protocols.DeepSeek, "deepseek-v4-pro", 1_320_000_000, 44_000_000, 3_960_000_000)]
    [InlineData(Protocols.OpenRouter, "openai/gpt-4o", 2_500_000_000, 1_250_000_000, 10_000_000_000)]
    [InlineData(Protocols.XAi, "grok-4.6", 2_000_000_000, 500_000_000, 6_000_000_000)]
    public void MainModels_HaveTheirListPrices(string protocol, string model, long input, long cacheRead, long output)
    {
        var price = Book.Find(protocol, model)!.Price!;
        Assert.Equal((input, cacheRead, output), (price.Input, price.CacheRead, price.Output));
    }

    [Fact]
    public void EveryProtocolWithAPublicPriceList_HasModels() => Assert.Equal(
        Protocols.All.Except([Protocols.Vllm, Protocols.Ollama]).Order(StringComparer.Ordinal),
        Book.Entries.Select(e => e.Protocol).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void EveryModel_HasAPriceThatIsInOrder() => Assert.All(Book.Entries, e =>
    {
        Assert.NotNull(e.Price);
        Assert.Empty(PriceRules.Faults(e.Price));
        // Long prompts and priority never cost less, flex and batch never more.
        foreach (var step in e.Price.Steps ?? []) Assert.True(step.Input >= e.Price.Input && step.Output >= e.Price.Output, e.Model);
        foreach (var tier in e.Price.Tiers ?? []) Assert.True(tier.Name == "priority" ? tier.Input >= e.Price.Input : tier.Input <= e.Price.Input, e.Model);
        Assert.True(e.Price.CacheRead is null || e.Price.CacheRead <= e.Price.Input, e.Model);
    });

    [Fact]
    public void LongPrompts_AndTiers_AreInIt()
    {
        var pro = Book.Find(Protocols.Gemini, "gemini-2.5-pro")!.Price!;
        Assert.Equal((200_000, 2_500_000_000, 15_000_000_000), (pro.Steps![0].Above, pro.Steps[0].Input, pro.Steps[0].Output));
        var flex = pro.Tiers!.Single(t => t.Name == "flex");
        Assert.Equal((625_000_000, 1_250_000_000), (flex.Input, flex.Steps![0].Input));
        Assert.Equal(6_000_000_000, Book.Find(Protocols.Anthropic, "claude-sonnet-4-5")!.Price!.Steps![0].Input);
        Assert.Equal(4_000_000_000, Book.Find(Protocols.Anthropic, "claude-sonnet-5-5")!.Price!.CacheWrite1h);
        Assert.Equal(100_000_000_000, Book.Find(Protocols.OpenAi, "whisper-1")!.Price!.Second);
        Assert.Equal(80_000_000, PriceChoice.ImageOf(Book.Find(Protocols.OpenAi, "dall-e-3")!.Price!, "1024x1024", "hd"));
    }

    [Theory]
    [InlineData(Protocols.OpenAi, "gpt-4o-2024-08-06", "gpt-4o")]
    [InlineData(Protocols.OpenAi, "gpt-4o-2024-05-13", "gpt-4o-2024-05-13")]
    [InlineData(Protocols.Anthropic, "claude-sonnet-4-5-20250929", "claude-sonnet-4-5")]
    [InlineData(Protocols.Vertex, "claude-sonnet-4-5@20250929", "claude-sonnet-4-5")]
    [InlineData(Protocols.Bedrock, "jp.anthropic.claude-opus-5-5", "us.anthropic.claude-opus-5-5")]
    [InlineData(Protocols.Bedrock, "global.anthropic.claude-opus-5-5", "global.anthropic.claude-opus-5-5")]
    public void Find_NamesWithDateOrRegion_FallBackToTheModel(string protocol, string model, string found) =>
        Assert.Equal(found, Book.Find(protocol, model)!.Model);

    [Theory]
    [InlineData(Protocols.OpenAi, "gpt-4o-mini-custom")]
    [InlineData(Protocols.Groq, "gpt-4o")]
    [InlineData(Protocols.Vllm, "gpt-4o")]
    public void Find_WhatItDoesNotKnow_IsNull(string protocol, string model) => Assert.Null(Book.Find(protocol, model));
}
