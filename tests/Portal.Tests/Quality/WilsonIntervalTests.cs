using AspireGateway.Shared.Domain.Quality;

namespace AspireGateway.Portal.Tests.Quality;

/// <summary>Wilson's interval against values that another program computed from the formula.</summary>
public sealed class WilsonIntervalTests
{
    [Theory]
    [InlineData(0.9, 200, 0.8506, 0.9343)]
    [InlineData(0.5, 10, 0.2366, 0.7634)]
    [InlineData(1, 10, 0.7225, 1)]
    [InlineData(0, 10, 0, 0.2775)]
    public void Interval_OfCounts_IsWilsons(double mean, double samples, double lower, double upper)
    {
        var interval = WilsonInterval.Of(mean, samples);
        Assert.Equal((lower, upper), (Math.Round(interval.Lower, 4), Math.Round(interval.Upper, 4)));
    }

    [Fact]
    public void Interval_OfNothing_IsEverything() => Assert.Equal((0, 1), WilsonInterval.Of(0.3, 0));
}
