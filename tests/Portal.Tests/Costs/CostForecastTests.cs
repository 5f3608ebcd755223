using AspireGateway.Portal.Costs;

namespace AspireGateway.Portal.Tests.Costs;

public sealed class CostForecastTests
{
    private static readonly DateOnly Day = new(2026, 11, 21), End = new(2026, 12, 1);

    [Fact]
    public void Of_LevelSpend_ExpectsTheSameWithoutDoubt() =>
        Assert.Equal(new CostForecast(3000, 3000, 3000), CostForecast.Of(2000, 100, Day, End, [.. Enumerable.Repeat(100L, 28)]));

    [Fact]
    public void Of_FewDays_IsNone() => Assert.Null(CostForecast.Of(0, 5, Day, End, [0, 0, 0, 1, 2, 3, 4, 5, 6]));

    [Fact]
    public void Of_QuietWeekends_ExpectsThemQuietAgain()
    {
        // Nothing on Saturdays and Sundays: of the ten days to come (a Saturday to a Monday) four are such.
        var history = Enumerable.Range(-28, 28).Select(i => Day.AddDays(i).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0L : 100L).ToArray();
        Assert.Equal(2000 + 600, CostForecast.Of(2000, 0, Day, End, history)!.Expected);
    }

    [Fact]
    public void Of_ManyMonths_IntervalHoldsFourOfFive()
    {
        var random = new Random(1);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        long Cost() => (long)(1_000_000 + (200_000 * Normal()));
        var (inside, months) = (0, 2000);
        for (var i = 0; i < months; i++)
        {
            var forecast = CostForecast.Of(0, 0, Day, End, [.. Enumerable.Range(0, 28).Select(_ => Cost())])!;
            var truth = Enumerable.Range(0, 10).Sum(_ => Cost());
            if (truth >= forecast.Low && truth <= forecast.High) inside++;
        }
        Assert.InRange(inside / (double)months, 0.76, 0.86);
    }

    [Fact]
    public void Of_ADearDay_IsNeverBelowWhatIsSpent()
    {
        var forecast = CostForecast.Of(50, 5000, Day, End, [.. Enumerable.Range(0, 28).Select(i => (long)(i % 2 * 100))])!;
        Assert.True(forecast.Low >= 5050);
        Assert.True(forecast.Expected >= forecast.Low && forecast.High >= forecast.Expected);
    }
}
