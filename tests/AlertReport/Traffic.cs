namespace AspireGateway.AlertReport;

/// <summary>
/// What one caller costs, minute by minute: Poisson requests whose prices are lognormal, a day and a week of their own, growth, hours that wander, holidays, nightly batches, office hours, sessions of somebody
/// who works three times as hard, and callers that begin in the middle.
/// </summary>
internal sealed class Traffic
{
    private const int Hour = 60, Day = 24 * Hour, Week = 7 * Day;
    private const double PriceSigma = 1, HourSigma = 0.25, HourMemory = 0.7;

    private readonly Randomness random;
    private readonly double perMinute, night, weekend, growth, batch, meanPrice;
    private readonly int peak, batchHour, holiday;
    private readonly bool hasSessions;
    private double wander;
    private int wanderHour = -1, sessionUntil;

    public Traffic(ulong seed, int weeks)
    {
        random = new(seed);
        for (var i = 0; i < 8; i++) random.Uniform();
        perMinute = random.LogBetween(60, 3000) / Hour;
        meanPrice = random.LogBetween(0.002, 0.05);
        night = random.Between(0.15, 0.7);
        weekend = random.Between(0.2, 1);
        growth = random.Between(0, 0.08);
        peak = 9 + (int)random.Between(0, 8);
        batch = random.Uniform() < 0.15 ? random.Between(2, 6) : 0;
        batchHour = (int)random.Between(0, 6);
        hasSessions = random.Uniform() < 0.15;
        if (random.Uniform() < 0.15) (night, weekend) = (0.01, 0.05);
        holiday = random.Uniform() < 0.5 ? (int)random.Between(5, weeks) * 7 + (int)random.Between(0, 5) : -1;
        BeginsAt = random.Uniform() < 0.15 ? (int)random.Between(5 * Week, (weeks - 1) * Week) : 0;
    }

    /// <summary>Its first minute.</summary>
    public int BeginsAt { get; }

    /// <summary>Mean requests of an hour of the first weeks.</summary>
    public double PerHour => perMinute * Hour;

    /// <summary>Requests and their cost in USD within a minute.</summary>
    public (int Requests, double Usd) Minute(int minute)
    {
        if (minute < BeginsAt) return (0, 0);
        if (hasSessions && minute >= sessionUntil && random.Uniform() < 2.0 / Week) sessionUntil = minute + (int)random.Between(20, 60);
        return Draw(random, Rate(minute) * (minute < sessionUntil ? 3 : 1));
    }

    /// <summary>The same minute of a caller that runs away: so many times the requests.</summary>
    public (int Requests, double Usd) Runaway(int minute, double times, Randomness own) => Draw(own, Rate(minute) * times);

    private (int Requests, double Usd) Draw(Randomness from, double mean)
    {
        var (requests, usd) = (from.Poisson(mean), 0.0);
        for (var i = 0; i < requests; i++) usd += meanPrice * Math.Exp(PriceSigma * from.Normal() - PriceSigma * PriceSigma / 2);
        return (requests, usd);
    }

    private double Rate(int minute)
    {
        var (day, hour) = (minute / Day, minute / Hour);
        if (hour != wanderHour) (wander, wanderHour) = (HourMemory * wander + Math.Sqrt(1 - HourMemory * HourMemory) * HourSigma * random.Normal(), hour);
        var ofDay = night + (1 - night) * (1 + Math.Cos(2 * Math.PI * (minute % Day - peak * Hour) / Day)) / 2;
        var ofWeek = day % 7 >= 5 ? weekend : 1;
        var ofBatch = hour % 24 == batchHour && batch > 0 ? batch : 1;
        return perMinute * ofDay * ofWeek * ofBatch * Math.Exp(wander) * Math.Pow(1 + growth, (double)minute / Week) * (day == holiday ? 0.2 : 1);
    }
}
