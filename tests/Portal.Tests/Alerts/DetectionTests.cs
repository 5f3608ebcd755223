using AspireGateway.Portal.Alerts.Detection;

namespace AspireGateway.Portal.Tests.Alerts;

/// <summary>What is usual, and from when on something is not.</summary>
public sealed class DetectionTests
{
    private const int Week = SeasonalBaseline.Week;

    [Fact]
    public void Baseline_BeforeADay_IsNone_AndNothingIsAboveIt()
    {
        Assert.Equal(Baseline.None, Baseline.Of(new double[23]));
        var none = CallerBaseline.Of(new double[23], new double[23], 0);
        Assert.Equal(CallerBaseline.None, none);
        Assert.Equal((double.PositiveInfinity, double.PositiveInfinity), (SpikeRule.Cost.CostThreshold(none, 30), SpikeRule.Cost.RequestThreshold(none, 30)));
        Assert.False(SpikeRule.Cost.Look(1e9, 1000, none, 30).IsAbove);
    }

    [Fact]
    public void Baseline_OfWeeks_IsTheSameHour_WhateverOneWildWeekWas()
    {
        var hours = Hours(5 * Week + 24, back => back % 24 is 23 or 0 or 1 ? 120 : 10);
        Assert.Equal((120d, 30d, 15, BaselineKind.Seasonal), Of(Baseline.Of(hours)));
        for (var hour = 2 * Week - 5; hour < 2 * Week + 5; hour++) hours[hour - 1] = 50_000;
        Assert.Equal((120d, 30d, 15, BaselineKind.Seasonal), Of(Baseline.Of(hours)));
    }

    [Theory]
    [InlineData(0.2, 1)]
    [InlineData(1.5, 1.5)]
    [InlineData(10, SeasonalBaseline.MaxLevel)]
    public void Baseline_OfWeeks_FollowsGrowth_NotAHolidayAndNotARunaway(double lastDay, double level)
    {
        var hours = Hours(5 * Week + 24, _ => 100);
        for (var back = 1; back <= 24; back++) hours[back - 1] *= lastDay;
        Assert.Equal(level * 100, Baseline.Of(hours).Usual, 6);
    }

    [Fact]
    public void Baseline_OfTwoDays_IsAsWideAsADayIs()
    {
        Assert.Equal((40d, 10d, 60, BaselineKind.Recent), Of(Baseline.Of(Hours(60, _ => 40))));
        Assert.InRange(Baseline.Of(Hours(60, back => back % 24 < 12 ? 80 : 0)).Spread, 35, 45);
    }

    [Fact]
    public void Baseline_OfDays_IsTheSameHour_OfWorkingDays()
    {
        Assert.Equal((40d, 10d, 12, BaselineKind.Daily), Of(Baseline.Of(Hours(100, _ => 40))));
        Assert.Equal(80, Baseline.Of(Hours(100, back => back % 24 < 12 ? 80 : 1)).Usual);
        Assert.Equal(1, Baseline.Of(Hours(100, back => back % 24 >= 12 ? 80 : 1)).Usual);
        // Begun on a Saturday, and a week that ends with a weekend.
        Assert.Equal(100, Baseline.Of(Hours(3 * 24, back => back <= 24 ? 100 : 20)).Usual);
        Assert.Equal(100, Baseline.Of(Hours(10 * 24, back => back <= 48 ? 20 : 100)).Usual);
        // What was longer ago than a week is forgotten.
        Assert.Equal(40, Baseline.Of(Hours(14 * 24, back => back < 7 * 24 + 2 ? 40 : 4000)).Usual);
    }

    [Fact]
    public void Baseline_OfTheHourBefore_CountsWithinTheFirstQuarter()
    {
        // A batch in the hour before, each night.
        var baseline = Baseline.Of(Hours(5 * Week + 24, back => back % 24 == 1 ? 500 : 100));
        Assert.Equal((100d, 500d), (baseline.Usual, baseline.Before));
        Assert.Equal((500d, 500d, 100d), (baseline.At(0), baseline.At(14), baseline.At(15)));
    }

    [Theory]
    [InlineData(100, 100, 1)]
    // 2 to the power of 0.7 · 0.06 / (0.06 + 1/100).
    [InlineData(200, 100, 1.515717)]
    [InlineData(2, 1, 1.027845)]
    [InlineData(0, 1000, LastHour.Least)]
    [InlineData(100_000, 1000, LastHour.Most)]
    [InlineData(5, 0, 1)]
    public void LastHour_ForetellsAPart_OfFewRequestsLess(double requests, double usual, double level) => Assert.Equal(level, LastHour.Level(requests, usual), 5);

    [Fact]
    public void LastHour_ThatIsNotKnownToItsEnd_ForetellsNothing()
    {
        var hours = Hours(5 * Week, back => back == 1 ? 50 : 100);
        Assert.InRange(CallerBaseline.Of(hours, hours, 1).Level, 0.6, 0.7);
        Assert.Equal(1, CallerBaseline.Of(hours, hours, 1, isLastHourWhole: false).Level);
    }

    [Fact]
    public void Thresholds_AreTheLargestOfWhatIsLeast_AMultiple_AndWhatVaries()
    {
        var rule = new SpikeRule(2, 5);
        // Six requests an hour are one within the window, which varies by itself; many do not.
        Assert.Equal(Gamma(1, 0.05 + 1, SpikeRule.RequestDeviations), rule.RequestThreshold(Caller(6, 6), 30), 9);
        Assert.Equal(SpikeRule.RequestFactor * 1000, rule.RequestThreshold(Caller(6000, 6000), 30), 6);
        Assert.Equal(SpikeRule.RequestFactor * 1500, rule.RequestThreshold(Caller(6000, 6000) with { Level = 1.5 }, 30), 6);
        // Hours that vary as much as they are, less what single requests and the hour before explain.
        Assert.Equal(Gamma(1000, 0.51 * (1 - 1 / 6000d) + 1e-3, SpikeRule.RequestDeviations), rule.RequestThreshold(Caller(6000, 6000, spread: 1), 30), 6);
        Assert.Equal(new SpikeRule(2, 50).LeastRequests, new SpikeRule(2, 50).RequestThreshold(Caller(6, 6), 30));
        Assert.Equal(SpikeRule.CostFactor * 1000, rule.CostThreshold(Caller(6000, 6000), 30), 6);
        Assert.Equal(Gamma(1, 0.05 + Math.E, SpikeRule.CostDeviations), rule.CostThreshold(Caller(6, 6), 30), 9);
        Assert.Equal(2, rule.CostThreshold(Caller(0, 0), 30));
        // Where nothing is usual it is as if one request were.
        Assert.Equal(Gamma(1, 0.05 + Math.E, SpikeRule.CostDeviations), rule.CostThreshold(Caller(0, 0) with { PerRequest = 1 }, 30), 9);
    }

    [Theory]
    // Usual are 100 requests and $100 within the window.
    [InlineData(611, 300, true)]
    [InlineData(611, 299, false)]
    [InlineData(609, 799, false)]
    [InlineData(100, 801, true)]
    [InlineData(9, 5000, false)]
    public void Spike_IsOfManyRequestsThatCost_OrOfCostsAlone(long requests, double cost, bool isAbove)
    {
        var judgement = SpikeRule.Cost.Look(cost, requests, Caller(600, 600), 30);
        Assert.Equal(isAbove, judgement.IsAbove);
        Assert.InRange(judgement.Threshold, isAbove ? 299 : 609, 611);
        Assert.False(judgement.IsCalm);
    }

    [Fact]
    public void Spike_IsOver_BelowHalfOfBothThresholds()
    {
        Assert.True(SpikeRule.Cost.Look(290, 290, Caller(600, 600), 30).IsCalm);
        Assert.False(SpikeRule.Cost.Look(290, 310, Caller(600, 600), 30).IsCalm);
        Assert.False(SpikeRule.Cost.Look(310, 290, Caller(600, 600), 30).IsCalm);
    }

    [Theory]
    [InlineData(4, 100, 0, false)]
    [InlineData(5, 100, 0, true)]
    [InlineData(5, 19, 0, false)]
    // A provider that usually fails a tenth is looked at from three tenths on.
    [InlineData(29, 100, 0.1, false)]
    [InlineData(30, 100, 0.1, true)]
    public void Share_NeedsEnoughRequestsAndFailures(long failures, long requests, double usual, bool isAbove) =>
        Assert.Equal(isAbove, new ShareRule(0.05, 20, 5).Look(failures, requests, usual).IsAbove);

    [Fact]
    public void Hysteresis_RaisesAfterTwo_EndsAfterTenCalmOnes_AndNothingInBetweenCounts()
    {
        var (above, between, calm) = (Judgement.Of(10, 10), Judgement.Of(7, 10), Judgement.Of(4, 10));
        var state = new Hysteresis();
        Assert.Equal([null, null, null, true, null, null], Looks(state, above, between, above, above, above, between));
        Assert.True(state.IsRaised);
        Assert.All(Looks(state, [.. Enumerable.Repeat(calm, 9), between]), Assert.Null);
        Assert.Equal([.. Enumerable.Repeat<bool?>(null, 9), false], Looks(state, [.. Enumerable.Repeat(calm, 10)]));
        Assert.True(state.IsIdle);
    }

    // The deviate's quantile of a gamma distribution of a mean and a variance as a part of its square, by Wilson and Hilferty.
    private static double Gamma(double mean, double variation, double deviate) => mean * Math.Pow(1 - variation / 9 + deviate * Math.Sqrt(variation) / 3, 3);

    // Of an hour; its spread as a part of it.
    private static CallerBaseline Caller(double cost, double requests, double spread = 0) =>
        new(new(cost, cost, spread * cost, 15, BaselineKind.Seasonal), new(requests, requests, spread * requests, 15, BaselineKind.Seasonal), requests == 0 ? 0 : cost / requests, 1);

    private static (double, double, int, BaselineKind) Of(Baseline baseline) => (Math.Round(baseline.Usual, 6), Math.Round(baseline.Spread, 6), baseline.Samples, baseline.Kind);

    private static bool?[] Looks(Hysteresis state, params Judgement[] looks) => [.. looks.Select(state.Look)];

    // hours[0] is one hour back.
    private static double[] Hours(int count, Func<int, double> value) => [.. Enumerable.Range(1, count).Select(value)];
}
