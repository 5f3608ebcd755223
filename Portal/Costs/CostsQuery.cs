using System.Globalization;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Usage;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Portal.Costs;

/// <summary>Costs of a time by what they are asked for, beside the time before.</summary>
internal sealed class CostsQuery(UsageReader usage, TimeProvider clock)
{
    /// <summary>Most rows of the table; the rest stands together below them.</summary>
    public const int MaxRows = 100;

    /// <summary>Most series of the chart, beside "other".</summary>
    public const int MaxSeries = 8;

    private const int MaxMovers = 5;

    /// <summary>What the actor may see of it.</summary>
    public async Task<Result<CostsData>> RunAsync(Actor actor, CostsFilter filter, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeeCosts);
        if (scope.Failure is { } refusal) return refusal;
        await using var look = await usage.OpenAsync(scope.Value.OrganisationId, cancellationToken);
        var now = clock.GetUtcNow();
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, look.Zone).DateTime);
        var period = CostPeriod.Of(filter.Period, today);
        var by = CostGroups.Of(filter.By).Key;
        var facet = by == "day" ? Facet.Total : Facet.Of(by)!;

        // 1. The questions: this time and the one before.
        var question = new UsageQuestion { Scope = scope.Value, From = At(period.First), To = At(period.End), Group = facet, Filters = filter.Values };
        var earlier = question with { From = At(period.FirstBefore), To = At(period.EndBefore) };
        if (period.Days > TimeRange.Max.TotalDays && !look.IsRolledUp(question))
            return new Failure.Invalid([new("period", $"Only the requests themselves can tell this, for at most {TimeRange.Max.TotalDays:0} days. Choose a shorter time, or take a filter away.")]);

        // 2. Totals, and days as far back as a forecast looks.
        var all = question with { Group = Facet.Total };
        var before = await look.TotalAsync(earlier, cancellationToken);
        var firstDay = period.ForecastEnd is null ? period.First : Earlier(period.First, today.AddDays(-CostForecast.History));
        var days = (await look.DaysAsync(all with { From = At(firstDay) }, cancellationToken)).ToDictionary(d => d.Day, d => d.Sums);
        var total = days.Where(d => d.Key >= period.First).Aggregate(UsageSums.None, (sum, day) => sum + day.Value);
        var unattributed = await look.TotalAsync(question with { Group = Facet.Total, Filters = [.. filter.Values.Where(f => f.Facet.Name != "feature"), (Facet.Of("feature")!, "")] }, cancellationToken);

        var data = new CostsData
        {
            Period = period, By = by, AsOf = now, CompleteTo = look.CompleteTo, Total = total, Before = before, Rows = [], Series = [], Movers = [],
            UnattributedNanoUsd = filter.Values.Any(f => f.Facet.Name == "feature") ? 0 : unattributed.CostNanoUsd, Forecast = Forecast(period, today, days),
            Names = await FilterNamesAsync(look, filter, cancellationToken),
        };
        return by == "day"
            ? data with { Rows = DayRows(period, days, await look.DaysAsync(earlier, cancellationToken)), Series = [new("Spend", "var(--series-1)", ByDay(period, days.ToDictionary(d => d.Key, d => d.Value.CostNanoUsd)))] }
            : await GroupedAsync(look, data, question, earlier, days, cancellationToken);

        DateTimeOffset At(DateOnly day) => BudgetWindow.StartOf(day, look.Zone);
    }

    // 3. Groups, those before, what moved, and the dearest by day.
    private static async Task<CostsData> GroupedAsync(
        UsageLook look, CostsData data, UsageQuestion question, UsageQuestion earlier, Dictionary<DateOnly, UsageSums> days, CancellationToken cancellationToken)
    {
        var now = await SumsAsync(question);
        var before = await SumsAsync(earlier);
        var late = await MissingAsync(earlier, now.Keys, before);
        var early = await MissingAsync(question, before.Keys, now);
        var known = await UsageNames.OfAsync(look, question.Group, [.. now.Keys.Concat(before.Keys).Distinct(StringComparer.Ordinal)], cancellationToken);
        CostRow Row(string group) => new(
            group, group.Length == 0 ? CostGroups.Missing(data.By) : known.GetValueOrDefault(group) ?? (question.Group.IsId ? CostGroups.Missing(data.By) : group),
            now.GetValueOrDefault(group) ?? early.GetValueOrDefault(group) ?? UsageSums.None, before.GetValueOrDefault(group) ?? late.GetValueOrDefault(group) ?? UsageSums.None);

        var rows = now.Keys.Select(Row).ToList();
        var movers = now.Keys.Concat(before.Keys).Distinct(StringComparer.Ordinal).Select(Row).Where(r => r.ChangeNanoUsd != 0)
            .OrderByDescending(r => Math.Abs(r.ChangeNanoUsd)).Take(MaxMovers).ToList();
        var rest = question.Group == Facet.Tag || rows.Count < MaxRows ? null : new CostRow(
            "", "all others", rows.Aggregate(data.Total, (sum, row) => sum - row.Now), rows.Aggregate(data.Before, (sum, row) => sum - row.Before));

        var dearest = rows.Where(r => r.Now.CostNanoUsd > 0).Take(MaxSeries).ToList();
        var byDay = dearest.Count == 0 ? [] : await look.DaysAsync(question with { Groups = [.. dearest.Select(r => r.Group)] }, cancellationToken);
        var series = Colours(dearest).Select(c => new CostSeries(
            c.Row.Name, c.Colour, ByDay(data.Period, byDay.Where(d => string.Equals(d.Group, c.Row.Group, StringComparison.Ordinal)).ToDictionary(d => d.Day, d => d.Sums.CostNanoUsd)))).ToList();
        if (question.Group != Facet.Tag)
        {
            var all = ByDay(data.Period, days.ToDictionary(d => d.Key, d => d.Value.CostNanoUsd));
            var other = all.Select((cost, i) => cost - series.Sum(s => s.Days[i])).ToArray();
            if (other.Any(o => o > 0)) series.Add(new("other", "var(--neutral)", other));
        }
        return data with { Rows = rows, Rest = rest, Movers = movers, Series = series };

        async Task<Dictionary<string, UsageSums>> SumsAsync(UsageQuestion asked) =>
            (await look.GroupsAsync(asked, MaxRows, cancellationToken)).ToDictionary(g => g.Group, g => g.Sums, StringComparer.Ordinal);

        // Those that are among the dearest of one time only.
        async Task<Dictionary<string, UsageSums>> MissingAsync(UsageQuestion asked, IEnumerable<string> wanted, Dictionary<string, UsageSums> found)
        {
            var missing = found.Count < MaxRows ? [] : wanted.Where(g => !found.ContainsKey(g)).ToArray();
            return missing.Length == 0 ? [] : await SumsAsync(asked with { Groups = missing });
        }
    }

    private static async Task<IReadOnlyDictionary<string, string>> FilterNamesAsync(UsageLook look, CostsFilter filter, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (facet, value) in filter.Values.Where(f => f.Facet.IsId))
            foreach (var (id, name) in await UsageNames.OfAsync(look, facet, [value], cancellationToken)) found[id] = name;
        return found;
    }

    private static CostForecast? Forecast(CostPeriod period, DateOnly today, Dictionary<DateOnly, UsageSums> days)
    {
        if (period.ForecastEnd is not { } end) return null;
        long Cost(DateOnly day) => days.GetValueOrDefault(day)?.CostNanoUsd ?? 0;
        var spent = days.Where(d => d.Key >= period.First && d.Key < today).Sum(d => d.Value.CostNanoUsd);
        return CostForecast.Of(spent, Cost(today), today, end, [.. Enumerable.Range(-CostForecast.History, CostForecast.History).Select(i => Cost(today.AddDays(i)))]);
    }

    // A day stands beside the one as far into the time before.
    private static List<CostRow> DayRows(CostPeriod period, Dictionary<DateOnly, UsageSums> days, List<(DateOnly Day, string Group, UsageSums Sums)> before)
    {
        var earlier = before.ToDictionary(d => d.Day, d => d.Sums);
        return [.. Enumerable.Range(0, period.Days).Reverse().Select(i => (Day: period.First.AddDays(i), Before: period.FirstBefore.AddDays(i)))
            .Select(d => new CostRow(
                d.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), d.Day.ToString("ddd d MMM yyyy", CultureInfo.InvariantCulture), days.GetValueOrDefault(d.Day) ?? UsageSums.None,
                d.Before < period.EndBefore ? earlier.GetValueOrDefault(d.Before) ?? UsageSums.None : UsageSums.None))];
    }

    private static long[] ByDay(CostPeriod period, Dictionary<DateOnly, long> days) => [.. Enumerable.Range(0, period.Days).Select(i => days.GetValueOrDefault(period.First.AddDays(i)))];

    // Each keeps its own colour; of two with the same the cheaper one takes a free one.
    private static IEnumerable<(CostRow Row, string Colour)> Colours(List<CostRow> rows)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var colour = SeriesColour.Of(row.Name);
            for (var i = 1; i <= MaxSeries && !taken.Add(colour); i++) colour = string.Create(CultureInfo.InvariantCulture, $"var(--series-{i})");
            yield return (row, colour);
        }
    }

    private static DateOnly Earlier(DateOnly a, DateOnly b) => a < b ? a : b;
}
