using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Gateway.Tests.Accounting;

public sealed class UnitCostTests
{
    private const long Dollar = 1_000_000_000;

    // The public list prices of Gemini 2.5 Pro: other prices above 200,000 tokens of prompt.
    private static readonly PriceComponents Pro = new()
    {
        Input = 1_250_000_000, CacheRead = 125_000_000, Output = 10 * Dollar,
        Steps = [new() { Above = 200_000, Input = 2_500_000_000, CacheRead = 250_000_000, Output = 15 * Dollar }],
    };

    private static readonly PriceComponents Tiered = new()
    {
        Input = 2 * Dollar, CacheRead = 500_000_000, Output = 8 * Dollar,
        Tiers =
        [
            new() { Name = "flex", Input = Dollar, CacheRead = 250_000_000, Output = 4 * Dollar, Steps = [new() { Above = 10, Input = 3 * Dollar, Output = 6 * Dollar }] },
            new() { Name = "priority", Input = 3_500_000_000, CacheRead = 875_000_000, Output = 14 * Dollar },
        ],
    };

    [Theory]
    [InlineData(200_000, 0, 0, 250_000_000)]
    [InlineData(200_001, 0, 0, 500_002_500)]
    [InlineData(0, 200_000, 0, 25_000_000)]
    [InlineData(1, 200_000, 0, 50_002_500)]
    [InlineData(1, 100_000, 100_000, 275_002_500)]
    public void Step_HoldsAboveItsThreshold_OfAllInputTogether(long input, long cacheRead, long cacheWrite, long expected) =>
        Assert.Equal(expected, CostCalculator.CostOf(Pro, new TokenUsage(input, cacheRead, cacheWrite, 0, 0)));

    [Fact]
    public void Step_HoldsForTheOutputToo() =>
        Assert.Equal(500_002_500 + 15 * Dollar / 1000, CostCalculator.CostOf(Pro, new TokenUsage(200_001, 0, 0, 1000, 0)));

    [Fact]
    public void LastStepThatThePromptIsAbove_Counts()
    {
        var price = new PriceComponents { Input = Dollar, Steps = [new() { Above = 10, Input = 2 * Dollar }, new() { Above = 20, Input = 3 * Dollar }] };
        Assert.Equal([10_000, 22_000, 40_000, 63_000], new[] { 10, 11, 20, 21 }.Select(n => CostCalculator.CostOf(price, new TokenUsage(n, 0, 0, 0, 0))));
    }

    [Theory]
    [InlineData(null, 6_000)]
    [InlineData("default", 6_000)]
    [InlineData("scale", 6_000)]
    [InlineData("flex", 3_000)]
    [InlineData("FLEX", 3_000)]
    [InlineData("priority", 10_500)]
    public void Tier_HasItsOwnPrices_OthersTheStandardOnes(string? tier, long expected) =>
        Assert.Equal(expected, CostCalculator.CostOf(Tiered, new TokenUsage(3, 0, 0, 0, 0), default, tier));

    [Fact]
    public void Tier_HasItsOwnSteps() =>
        Assert.Equal(33_000, CostCalculator.CostOf(Tiered, new TokenUsage(11, 0, 0, 0, 0), default, "flex"));

    [Fact]
    public void NamedParts_OfTokenClasses_HaveTheirOwnPrices()
    {
        var price = new PriceComponents
        {
            Input = Dollar, AudioInput = 10 * Dollar, CacheWrite = 1_250_000_000, CacheWrite1h = 2 * Dollar, Output = 4 * Dollar, AudioOutput = 20 * Dollar,
        };
        var usage = new TokenUsage(100, 0, 50, 30, 0);
        var units = new UnitUsage { AudioInputTokens = 40, CacheWrite1hTokens = 20, AudioOutputTokens = 10 };

        // 60 x 1 + 40 x 10 + 30 x 1.25 + 20 x 2 + 20 x 4 + 10 x 20, in thousands
        Assert.Equal(817_500, CostCalculator.CostOf(price, usage, units, null));
        Assert.Equal(100_000 + 50_000 + 120_000, CostCalculator.CostOf(new PriceComponents { Input = Dollar, Output = 4 * Dollar }, usage, units, null));
    }

    [Fact]
    public void PartLargerThanItsWhole_CountsAsTheWhole() =>
        Assert.Equal(50_000, CostCalculator.CostOf(new PriceComponents { Input = Dollar, AudioInput = 10 * Dollar }, new TokenUsage(5, 0, 0, 0, 0), new UnitUsage { AudioInputTokens = 9 }, null));

    [Fact]
    public void Units_HaveTheirPrices()
    {
        // $0.006 a minute, $15 per million characters, $2 per thousand searches.
        var price = new PriceComponents { Second = 100 * Dollar, Character = 15 * Dollar, Search = 2_000_000, Request = 3 };
        Assert.Equal(6_000_000 + 3, CostCalculator.CostOf(price, default, new UnitUsage { Milliseconds = 60_000 }, null));
        Assert.Equal(100 + 3, CostCalculator.CostOf(price, default, new UnitUsage { Milliseconds = 1 }, null));
        Assert.Equal(15_000 * 7 + 3, CostCalculator.CostOf(price, default, new UnitUsage { Characters = 7 }, null));
        Assert.Equal(4_000_000 + 3, CostCalculator.CostOf(price, default, new UnitUsage { Searches = 2 }, null));
    }

    [Theory]
    [InlineData("1024x1024", "hd", 80)]
    [InlineData("1024X1024", "HD", 80)]
    [InlineData("1024x1024", "standard", 40)]
    [InlineData("1024x1024", null, 40)]
    [InlineData("512x512", "hd", 60)]
    [InlineData("512x512", null, 20)]
    [InlineData(null, null, 20)]
    public void Image_TakesTheMostFittingEntry(string? size, string? quality, long expected)
    {
        var price = new PriceComponents
        {
            Images =
            [
                new() { Price = 20 }, new() { Size = "1024x1024", Price = 40 }, new() { Quality = "hd", Price = 60 }, new() { Size = "1024x1024", Quality = "hd", Price = 80 },
            ],
        };
        Assert.Equal(expected * 3, CostCalculator.CostOf(price, default, new UnitUsage { Images = 3, ImageSize = size, ImageQuality = quality }, null));
    }

    [Fact]
    public void Image_WithoutAFittingEntry_CostsNothingAndIsFlagged()
    {
        var price = new PriceComponents { Images = [new() { Size = "1024x1024", Price = 40 }] };
        var units = new UnitUsage { Images = 1, ImageSize = "512x512" };
        Assert.Equal(0, CostCalculator.CostOf(price, default, units, null));
        Assert.False(CostCalculator.IsPriced(price, default, units));
    }

    [Fact]
    public void IsPriced_KnowsWhatThePriceSaysNothingAbout()
    {
        var tokens = new TokenUsage(1, 0, 0, 1, 0);
        var speech = new UnitUsage { Characters = 10 };
        var heard = new UnitUsage { Milliseconds = 10 };
        var searched = new UnitUsage { Searches = 1 };
        var byToken = new PriceComponents { Input = 1 };
        var bySecond = new PriceComponents { Second = 1 };

        Assert.False(CostCalculator.IsPriced(null, tokens, default));
        Assert.True(CostCalculator.IsPriced(byToken, tokens, default));
        Assert.True(CostCalculator.IsPriced(byToken, default, default));
        Assert.False(CostCalculator.IsPriced(byToken, default, speech));
        Assert.False(CostCalculator.IsPriced(bySecond, tokens, default));
        Assert.True(CostCalculator.IsPriced(bySecond, default, heard));
        // Tokens pay for the audio that was heard; a search is charged beside them.
        Assert.True(CostCalculator.IsPriced(byToken, tokens, heard));
        Assert.False(CostCalculator.IsPriced(byToken, tokens, searched));
        Assert.True(CostCalculator.IsPriced(byToken with { Search = 0 }, tokens, searched));
        Assert.True(CostCalculator.IsPriced(new PriceComponents { Request = 5 }, default, speech));
        // Somebody's own machine: zeros on purpose.
        Assert.True(CostCalculator.IsPriced(new PriceComponents(), tokens, speech));
    }

    [Fact]
    public void CostOf_TakesNoMemory()
    {
        var usage = new TokenUsage(300_000, 10, 10, 500, 3);
        var units = new UnitUsage { Images = 2, ImageSize = "1024x1024", ImageQuality = "hd", Milliseconds = 7, Searches = 1, AudioInputTokens = 4, CacheWrite1hTokens = 5 };
        var price = Tiered with { Steps = Pro.Steps, Images = [new() { Price = 1 }, new() { Size = "1024x1024", Quality = "hd", Price = 2 }], Second = 3, Search = 4 };
        var sum = CostCalculator.CostOf(price, usage, units, "priority");

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            sum += CostCalculator.CostOf(price, usage, units, "priority") + CostCalculator.CostOf(price, usage, units, "flex") + CostCalculator.CostOf(price, usage);
            if (!CostCalculator.IsPriced(price, usage, units)) sum = 0;
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(sum > 0);
    }

    [Fact]
    public void Units_AreWrittenForTheRecord()
    {
        Assert.Null(UnitsWriter.Write(default));
        Assert.Equal(
            """{"images":2,"image_size":"1024x1024","audio_ms":7,"cache_write_1h_tokens":5}""",
            UnitsWriter.Write(new UnitUsage { Images = 2, ImageSize = "1024x1024", Milliseconds = 7, CacheWrite1hTokens = 5 }));
    }
}
