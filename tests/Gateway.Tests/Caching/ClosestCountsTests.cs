using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Tests.Caching;

public sealed class ClosestCountsTests
{
    [Fact]
    public void Add_Comparisons_SayWhatEachThresholdWouldHaveGiven()
    {
        var counts = new ClosestCounts();
        counts.Add(0.96f, 0);
        counts.Add(0.91f, 0.985f);
        counts.Add(0, 0.7f);
        counts.Add(0, 0);
        Assert.Equal(4, counts.Compared.Value);
        Assert.Equal([2, 2, 2, 2, 2, 2, 1, 1, 1, 0, 0, 0], Enumerable.Range(0, ClosestCounts.Steps.Length).Select(step => counts.Of(step, isOther: false)));
        Assert.Equal([2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 0], Enumerable.Range(0, ClosestCounts.Steps.Length).Select(step => counts.Of(step, isOther: true)));
    }
}
