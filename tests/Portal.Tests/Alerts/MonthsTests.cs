using AspireGateway.AlertReport;

namespace AspireGateway.Portal.Tests.Alerts;

/// <summary>Simulated months: the targets of issue 9. <c>tests/AlertReport</c> runs more of them.</summary>
public sealed class MonthsTests
{
    [Fact]
    public void Runaway_OfTenTimes_IsRaisedWithinTenMinutes_AndNothingElseIs()
    {
        var result = Months.Run(callers: 25, months: 1, times: 10, seed: 1);
        Assert.True(result.Runs.Sum() > 500);
        Assert.InRange(result.Found.Sum() / (double)result.Runs.Sum(), 0.95, 1);
        // At most one a month of a hundred callers: none of 25.
        Assert.Equal(0, result.FalseAlerts);
    }

    [Fact]
    public void Traffic_ThatOnlyDoubles_IsNoRunaway()
    {
        var result = Months.Run(callers: 10, months: 1, times: 1.5, seed: 7);
        Assert.InRange(result.Found.Sum() / (double)result.Runs.Sum(), 0, 0.02);
    }
}
