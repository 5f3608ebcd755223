using AspireGateway.AlertReport;

namespace AspireGateway.Portal.Tests.Alerts;

/// <summary>
/// Simulated months: the targets of alerts. <c>tests/AlertReport</c> runs more of them. A page is due where ten times the usual costs the least value and asks at least thirty times within the window: those are held to
/// 95 %. What is below that, about one run in twenty-five, is mostly too cheap or too seldom to wake somebody, and is found in a tenth to a fifth of runs only; with it 92 to 93 % of all runs are found
/// (docs/operations/alerts.md). False alerts count over all callers.
/// </summary>
public sealed class MonthsTests
{
    [Fact]
    public void Runaway_OfTenTimes_IsRaisedWithinTenMinutes_AndNothingElseIs()
    {
        var result = Months.Run(callers: 34, months: 3, times: 10, seed: 2);
        Assert.True(result.Runs[0] > 3000);
        Assert.InRange(result.Found[0] / (double)result.Runs[0], 0.95, 1);
        // At most one a month of a hundred callers, which are about as many as 34 in three.
        Assert.InRange(result.FalsePerHundred, 0, 1);
    }

    [Fact]
    public void Traffic_ThatOnlyDoubles_IsNoRunaway()
    {
        var result = Months.Run(callers: 10, months: 1, times: 1.5, seed: 7);
        Assert.InRange(result.Found.Sum() / (double)result.Runs.Sum(), 0, 0.02);
    }
}
