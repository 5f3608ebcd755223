/// <summary>The shape of a day: a quiet night, a peak before noon and one after it, and an evening that falls as the morning rises, so that hours 4 to 7 and 20 to 23 have the same traffic.</summary>
static class Day
{
    static readonly double[] Shape = [.25, .20, .20, .20, .30, .50, .80, 1.10, 1.40, 1.70, 1.90, 1.60, 1.20, 1.50, 1.90, 1.70, 1.60, 1.50, 1.30, 1.20, 1.10, .80, .50, .30];
    static readonly double Sum = Shape.Sum();

    /// <summary>The hour in which the provider answers a quarter of all with errors.</summary>
    public const int FaultyHour = 11;

    /// <summary>The hour in which it takes four tenths of a second.</summary>
    public const int SlowHour = 15;

    /// <summary>Requests of the whole day up to a moment, in hours; before the first hour runs the evening of the day before, at the mean.</summary>
    public static double DueAt(double hour, int requests)
    {
        if (hour <= 0) return 0;
        var whole = Math.Min(24, (int)hour);
        return requests / Sum * (Shape.Take(whole).Sum() + (whole < 24 ? (hour - whole) * Shape[whole] : 0));
    }

    /// <summary>What the provider is told at the beginning of an hour.</summary>
    public static string KnobsOf(int hour) => hour switch
    {
        FaultyHour => "LATENCY_MS=15&SPREAD_MS=10&FAIL_RATE=0.25",
        SlowHour => "LATENCY_MS=400&SPREAD_MS=50&FAIL_RATE=0",
        _ => "LATENCY_MS=15&SPREAD_MS=10&FAIL_RATE=0.002",
    };
}
