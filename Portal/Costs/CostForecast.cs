namespace AspireGateway.Portal.Costs;

/// <summary>What a running month will have cost at its end, in nano-USD.</summary>
/// <param name="Expected">What is expected.</param>
/// <param name="Low">Less than this in one of ten months.</param>
/// <param name="High">More than this in one of ten months.</param>
public sealed record CostForecast(long Expected, long Low, long High)
{
    /// <summary>Whole days that are looked back on, four weeks.</summary>
    public const int History = 28;

    /// <summary>Fewest whole days with spend behind them; with less there is no forecast.</summary>
    public const int Fewest = 7;

    // Quantile 0.9 of the normal distribution.
    private const double Z = 1.2816;

    /// <summary>
    /// Adds to what is spent what the days to come may cost: each as the mean of its weekday in the last four weeks, or of all days where these are fewer than two weeks. The interval holds how much single days
    /// scatter around that, and that the means themselves are estimated from few days. Today costs at least what it has cost already.
    /// </summary>
    /// <param name="spent">Spent in the month before today.</param>
    /// <param name="today">Spent today so far.</param>
    /// <param name="day">Today.</param>
    /// <param name="end">The day after the month's last.</param>
    /// <param name="history">Spend of whole days before today, oldest first and without gaps; the last is yesterday.</param>
    public static CostForecast? Of(long spent, long today, DateOnly day, DateOnly end, IReadOnlyList<long> history)
    {
        var days = history.SkipWhile(d => d == 0).TakeLast(History).Select(d => (double)d).ToArray();
        if (days.Length < Fewest) return null;
        var byWeekday = days.Length >= 14;
        var means = new double[7];
        for (var weekday = 0; weekday < 7; weekday++)
        {
            var same = days.Where((_, i) => !byWeekday || Weekday(day, i - days.Length) == weekday).ToArray();
            means[weekday] = same.Average();
        }
        var degrees = Math.Max(1, days.Length - (byWeekday ? 7 : 1));
        var variance = days.Select((d, i) => Math.Pow(d - means[Weekday(day, i - days.Length)], 2)).Sum() / degrees;

        var left = end.DayNumber - day.DayNumber;
        var expected = Math.Max(today, means[Weekday(day, 0)]);
        for (var i = 1; i < left; i++) expected += means[Weekday(day, i)];
        // Each mean serves several of the days to come, so its error does not average out.
        var perMean = byWeekday ? days.Length / 7.0 : days.Length;
        var groups = byWeekday ? 7.0 : 1.0;
        var spread = Z * Math.Sqrt(variance * (left + (left * (double)left / groups / perMean)));
        var known = spent + today;
        return new((long)(spent + expected), Math.Max(known, (long)(spent + expected - spread)), (long)(spent + expected + spread));
    }

    private static int Weekday(DateOnly day, int offset) => (int)day.AddDays(offset).DayOfWeek;
}
