using System.Runtime.InteropServices;
using AspireGateway.Portal.Alerts.Detection;

namespace AspireGateway.AlertReport;

/// <summary>Runs callers through five weeks that are learned from and months that are watched, as the watch of costs does: a look a minute at the last ten.</summary>
internal static class Months
{
    private const int Hour = 60, Week = 7 * 24 * Hour, Window = 10, LearnedWeeks = 5, WeeksOfMonth = 4, Minutes = 10, LeastRequests = 30;

    // Not a divisor of a day, so that runs begin at every time of it.
    private const int RunEvery = 17 * Hour + 23;

    /// <summary>Simulates so many callers for so many months of four weeks.</summary>
    public static MonthsResult Run(int callers, int months, double times, ulong seed)
    {
        var results = new MonthsResult[callers];
        Parallel.For(0, callers, i => results[i] = OfOne(new Traffic(seed + 7919 * (ulong)i, LearnedWeeks + months * WeeksOfMonth), months, times, seed + (ulong)i));
        return results.Aggregate(new MonthsResult { SeriesMonths = callers * months }, (a, b) => a.And(b));
    }

    private static MonthsResult OfOne(Traffic traffic, int months, double times, ulong seed)
    {
        var (result, own) = (new MonthsResult(), new Randomness(seed ^ 0xABCDEF));
        var end = (LearnedWeeks + months * WeeksOfMonth) * Week;
        var series = new Hysteresis(raiseAfter: SpikeRule.RaiseAfter);
        // Newest first, as the watch reads them: hours[0] is the one before the present.
        var (hours, counts) = (new List<double>(), new List<double>());
        var last = new Queue<(int Requests, double Usd)>();
        var (usd, requests) = (0.0, 0.0);
        var usual = CallerBaseline.None;
        for (var minute = traffic.BeginsAt; minute < end; minute++)
        {
            if (minute % Hour == 0 || minute == traffic.BeginsAt)
            {
                if (minute > traffic.BeginsAt)
                {
                    hours.Insert(0, usd);
                    counts.Insert(0, requests);
                }
                (usd, requests) = (0, 0);
                // The weeks that are learned from are watched by nobody.
                if (minute >= LearnedWeeks * Week - Hour || minute == traffic.BeginsAt)
                    usual = CallerBaseline.Of(CollectionsMarshal.AsSpan(hours), CollectionsMarshal.AsSpan(counts), counts.Take(SeasonalBaseline.Week).Sum() is > 0 and var n ? hours.Take(SeasonalBaseline.Week).Sum() / n : 0);
            }
            var now = traffic.Minute(minute);
            (usd, requests) = (usd + now.Usd, requests + now.Requests);
            last.Enqueue(now);
            if (last.Count > Window) last.Dequeue();
            if (minute < LearnedWeeks * Week) continue;
            if (series.Look(SpikeRule.Cost.Look(last.Sum(m => m.Usd), last.Sum(m => m.Requests), usual, minute % Hour)) == true) result.FalseAlerts++;
            if (minute % RunEvery == 0 && usual.Cost.Kind != BaselineKind.None && !series.IsRaised) RunAway(traffic, minute + 1, times, usual, last, own, result);
        }
        return result;
    }

    private static void RunAway(Traffic traffic, int from, double times, CallerBaseline usual, IEnumerable<(int Requests, double Usd)> before, Randomness own, MonthsResult result)
    {
        var series = new Hysteresis(raiseAfter: SpikeRule.RaiseAfter);
        var last = new Queue<(int Requests, double Usd)>(before);
        // What it is going to cost and ask for decides whether a page is due at all: below the least value nobody is woken, and of a few requests nothing can be told.
        var (usd, requests) = (times * usual.Cost.Usual * Window / Hour, times * usual.Requests.Usual * Window / Hour);
        var group = usd >= SpikeRule.Cost.LeastValue && requests >= LeastRequests ? 0 : 1;
        result.Runs[group]++;
        for (var i = 0; i < Minutes; i++)
        {
            last.Enqueue(traffic.Runaway(from + i, times, own));
            if (last.Count > Window) last.Dequeue();
            if (series.Look(SpikeRule.Cost.Look(last.Sum(m => m.Usd), last.Sum(m => m.Requests), usual, (from + i) % Hour)) != true) continue;
            result.Found[group]++;
            result.Delays.Add(i + 1);
            return;
        }
    }
}
