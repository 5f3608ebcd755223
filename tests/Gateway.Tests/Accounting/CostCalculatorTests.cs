using AspireGateway.Gateway.Accounting;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Shared.Domain;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.Accounting;

public sealed class CostCalculatorTests
{
    [Fact]
    public void EachClass_HasItsPrice()
    {
        var price = new PriceComponents { Input = 150_000_000, CacheRead = 75_000_000, CacheWrite = 187_500_000, Output = 600_000_000, Request = 7 };

        // 1000 x 150 + 200 x 75 + 10 x 187.5 + 30 x 600 + 7
        Assert.Equal(184_882, CostCalculator.CostOf(price, new TokenUsage(1000, 200, 10, 30, 5)));
    }

    [Fact]
    public void CachedTokens_WithoutOwnPrice_CostAsInput() =>
        Assert.Equal(300, CostCalculator.CostOf(new PriceComponents { Input = 100_000_000 }, new TokenUsage(1, 1, 1, 0, 0)));

    [Theory]
    [InlineData(499_999, 0)]
    [InlineData(500_000, 1)]
    [InlineData(1_499_999, 1)]
    [InlineData(1_500_000, 2)]
    public void Rounding_IsOnceAndHalfUp(long pricePerMillion, long expected) =>
        Assert.Equal(expected, CostCalculator.CostOf(new PriceComponents { Input = pricePerMillion }, new TokenUsage(1, 0, 0, 0, 0)));

    [Fact]
    public void Classes_AreSummedBeforeRounding() =>
        Assert.Equal(1, CostCalculator.CostOf(new PriceComponents { Input = 400_000, Output = 400_000 }, new TokenUsage(1, 0, 0, 1, 0)));

    [Fact]
    public void HugeNumbers_Saturate() =>
        Assert.Equal(long.MaxValue, CostCalculator.CostOf(new PriceComponents { Input = long.MaxValue }, new TokenUsage(long.MaxValue, 0, 0, 0, 0)));

    [Fact]
    public void Cost_EqualsDecimalArithmetic() =>
        Prop.ForAll<(PositiveInt, PositiveInt, NonNegativeInt, NonNegativeInt)>(given =>
        {
            var (inputPrice, outputPrice, input, output) = (given.Item1.Get, given.Item2.Get, given.Item3.Get, given.Item4.Get);
            var cost = CostCalculator.CostOf(new PriceComponents { Input = inputPrice, Output = outputPrice }, new TokenUsage(input, 0, 0, output, 0));
            var exact = ((decimal)inputPrice * input + (decimal)outputPrice * output) / 1_000_000m;
            return cost == (long)Math.Round(exact, MidpointRounding.AwayFromZero);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0, "0")]
    [InlineData(79_200, "0.0000792")]
    [InlineData(1, "0.000000001")]
    [InlineData(1_000_000_000, "1")]
    [InlineData(12_340_000_000, "12.34")]
    [InlineData(long.MaxValue, "9223372036.854775807")]
    public void Usd_IsExact(long nano, string expected) => Assert.Equal(expected, UsdFormat.Of(nano));
}
