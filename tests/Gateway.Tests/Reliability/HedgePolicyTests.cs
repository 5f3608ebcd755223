using AspireGateway.Gateway.Reliability;
using AspireGateway.Gateway.Reliability.Hedging;
using AspireGateway.Shared.Domain.Reliability;

namespace AspireGateway.Gateway.Tests.Reliability;

/// <summary>When a second deployment is asked, and how often at most.</summary>
public sealed class HedgePolicyTests
{
    [Theory]
    [InlineData(null, null, 0, 5_000)]
    [InlineData(null, null, 20, 100)]
    [InlineData(null, null, 700, 700)]
    [InlineData(null, null, 9_000, 5_000)]
    [InlineData(300, 2_000, 0, 2_000)]
    [InlineData(300, 2_000, 299, 300)]
    [InlineData(300, 2_000, 2_001, 2_000)]
    // One bound beyond the usual other one moves that along.
    [InlineData(8_000, null, 0, 8_000)]
    [InlineData(null, 50, 70, 50)]
    public void Wait_IsTheP95WithinItsBounds_AndTheUpperOneWhileItIsUnknown(int? floor, int? ceiling, int p95, int expected) =>
        Assert.Equal(TimeSpan.FromMilliseconds(expected), HedgePolicy.WaitOf(new() { AfterAtLeastMs = floor, AfterAtMostMs = ceiling }, p95));

    [Theory]
    [InlineData(500_000, 0, true)]
    [InlineData(500_000, 500, true)]
    [InlineData(499_999, 500, false)]
    [InlineData(0, 0, false)]
    [InlineData(-1, 0, false)]
    [InlineData(long.MaxValue, int.MaxValue, true)]
    public void IsInTime_ComparesWhatIsLeftWithWhatItUsuallyTakes(long leftUs, int p95, bool expected) => Assert.Equal(expected, HedgePolicy.IsInTime(leftUs, p95));

    [Fact]
    public void Purse_ProviderSlowForAll_HedgesAreTheShareAndWhatWasSaved()
    {
        var purse = new RetryBudget();
        var hedges = 0;
        for (var i = 0; i < 1_000; i++)
        {
            purse.Earn(new HedgeSettings().Percent / 100.0, HedgeBudgets.Reserve);
            if (purse.TrySpend(HedgeBudgets.Reserve)) hedges++;
        }
        Assert.InRange(hedges, 100, 100 + HedgeBudgets.Reserve);
    }
}
