using AspireGateway.Portal.Alerts;

namespace AspireGateway.Portal.Tests.Alerts;

/// <summary>From which count on it is a rise.</summary>
public sealed class RiseTestTests
{
    [Theory]
    [InlineData(new long[] { 100, 110, 90, 105, 95, 100, 100 }, 100, 300)]
    // One wild day moves neither what is usual nor the threshold.
    [InlineData(new long[] { 100, 110, 90, 5_000, 95, 100, 100 }, 100, 300)]
    // Where days vary much, three times is not enough.
    [InlineData(new long[] { 10, 100, 50, 200, 20, 150, 80 }, 80, 80 + 6 * 1.4826 * 60)]
    // Little is never a rise.
    [InlineData(new long[] { 0, 0, 0, 0, 0, 0, 0 }, 0, 20)]
    [InlineData(new long[] { 2, 1, 3, 2 }, 2, 20)]
    public void Of_KnownDays_IsTheMedianAndItsDeviation(long[] sameHours, double usual, double threshold)
    {
        var found = RiseTest.Of(sameHours, []);
        Assert.Equal((usual, Math.Round(threshold, 6)), (found.Usual, Math.Round(found.Threshold, 6)));
    }

    [Fact]
    public void Of_NewSeries_FollowsItsHours()
    {
        Assert.Equal((0, RiseTest.LeastCount), RiseTest.Of([], []));
        Assert.Equal((50, 150), RiseTest.Of([], [50, 50, 50]));
        var (usual, _) = RiseTest.Of([7, 7], [.. Enumerable.Repeat(0L, 12), .. Enumerable.Repeat(100L, 12)]);
        Assert.InRange(usual, 90, 100);
    }
}
