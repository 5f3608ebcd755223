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
        Assert.Equal(double.PositiveInfinity, SpikeRule.Cost.Threshold(Baseline.None, 1.0 / 12, 0));
        Assert.False(SpikeRule.Cost.Look(1e9, 1000, Baseline.None, 0).IsAbove);
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
    public void Baseline_OfDays_FollowsThem_AndIsAsWideAsADayIs()
    {
        var flat = Baseline.Of(Hours(100, _ => 40));
        Assert.Equal((40d, 10d, 100, BaselineKind.Recent), Of(flat));
        var swinging = Baseline.Of(Hours(100, back => back % 24 < 12 ? 80 : 0));
        Assert.InRange(swinging.Spread, 35, 45);
        // What was a week ago is forgotten.
        Assert.InRange(Baseline.Of(Hours(14 * 24, back => back < 7 * 24 ? 40 : 4000)).Usual, 40, 45);
    }

    [Fact]
    public void Threshold_IsTheLargestOfFour()
    {
        var rule = new SpikeRule(2, 5);
        // Least value; a multiple of what is usual; what hours vary; what few requests vary.
        Assert.Equal(2, rule.Threshold(new(1, 0, 15, BaselineKind.Seasonal), 0.1, 0));
        Assert.Equal(2, rule.Threshold(new(0, 0, 15, BaselineKind.Seasonal), 0.1, 0));
        Assert.Equal(40, rule.Threshold(new(100, 0, 15, BaselineKind.Seasonal), 0.1, 0), 9);
        Assert.Equal(Gamma(10, 400), rule.Threshold(new(100, 200, 15, BaselineKind.Seasonal), 0.1, 0), 9);
        Assert.Equal(Gamma(10, 10 * 10 * Math.E), rule.Threshold(new(100, 0, 15, BaselineKind.Seasonal), 0.1, 10), 9);
        // Where nothing is usual it is as if one request were.
        Assert.Equal(Gamma(1, Math.E), rule.Threshold(new(0, 0, 15, BaselineKind.Seasonal), 0.1, 1), 9);
        Assert.False(rule.Look(1000, 4, new(100, 0, 15, BaselineKind.Seasonal), 0).IsAbove);
        Assert.True(rule.Look(1000, 5, new(100, 0, 15, BaselineKind.Seasonal), 0).IsAbove);
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

    // The deviate's quantile of a gamma distribution, by Wilson and Hilferty.
    private static double Gamma(double mean, double variance)
    {
        var shape = mean * mean / variance;
        return mean * Math.Pow(1 - 1 / (9 * shape) + SpikeRule.Deviations / Math.Sqrt(9 * shape), 3);
    }

    private static (double, double, int, BaselineKind) Of(Baseline baseline) => (Math.Round(baseline.Usual, 6), Math.Round(baseline.Spread, 6), baseline.Samples, baseline.Kind);

    private static bool?[] Looks(Hysteresis state, params Judgement[] looks) => [.. looks.Select(state.Look)];

    // hours[0] is one hour back.
    private static double[] Hours(int count, Func<int, double> value) => [.. Enumerable.Range(1, count).Select(value)];
}
