using System.Runtime.InteropServices;
using AspireGateway.Portal.Alerts.Detection;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.Alerts.Watch;

/// <summary>
/// Reads what is usual from the hourly roll-ups: only of the series that are asked for, only the hours that their baseline looks at, each by its key. What was read holds until the hour is over.
/// </summary>
internal sealed class BaselineReader(NpgsqlDataSource database)
{
    private const int HoursOfNewSeries = SeasonalBaseline.LeastHours - 1;
    private const int MaxHours = SeasonalBaseline.MaxWeeks * SeasonalBaseline.Week + 24;

    private const double NanoUsd = 1e9;

    // How far behind the end of the hour the roll-ups may be for that hour to count as whole.
    private static readonly TimeSpan s_behind = TimeSpan.FromMinutes(1);

    private static readonly int[] s_seasonal =
    [
        .. Enumerable.Range(1, 24)
            .Concat(Enumerable.Range(1, SeasonalBaseline.MaxWeeks).SelectMany(week => Enumerable.Range(-1, 26).Select(hour => week * SeasonalBaseline.Week + hour))).Distinct(),
    ];

    private readonly Dictionary<(Guid Organisation, string Facet, string Value), KnownSeries> known = [];
    private DateTimeOffset hour;

    /// <summary>What is usual for values of one property of one organisation.</summary>
    public async Task<IReadOnlyDictionary<string, KnownSeries>> ReadAsync(Guid organisation, Facet facet, IReadOnlyCollection<string> values, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var present = new DateTimeOffset(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour), TimeSpan.Zero);
        if (present != hour)
        {
            known.Clear();
            hour = present;
        }
        string[] missing = [.. values.Where(v => !known.ContainsKey((organisation, facet.Name, v)))];
        if (missing.Length > 0) await LearnAsync(organisation, facet, missing, cancellationToken);
        return values.Distinct(StringComparer.Ordinal).ToDictionary(v => v, v => known.GetValueOrDefault((organisation, facet.Name, v), KnownSeries.None), StringComparer.Ordinal);
    }

    private async Task LearnAsync(Guid organisation, Facet facet, string[] values, CancellationToken cancellationToken)
    {
        // Sums by hour begin where the organisation's hours do, which in some zones is at half past.
        var days = await database.ReadAlongAsync("""
            select value, min(day), (select complete_to from usage_rollups) from usage_days where organisation_id = @organisation and facet = @facet and team_id = '00000000-0000-0000-0000-000000000000' and value = any(@values) group by value
            """, r => (Value: r.GetString(0), Day: r.GetFieldValue<DateOnly>(1), CompleteTo: r.Nullable<DateTimeOffset>(2)), cancellationToken, Of(organisation, facet, values));
        // While the roll-ups are behind, the last hour looks calmer than it was.
        var isCurrent = days.Count > 0 && days[0].CompleteTo > hour - s_behind;
        var since = days.ToDictionary(d => d.Value, d => (int)(hour - new DateTimeOffset(d.Day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)).TotalHours, StringComparer.Ordinal);
        foreach (var (isOld, group) in since.GroupBy(s => s.Value >= SeasonalBaseline.LeastHours).Select(g => (g.Key, g.ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal))))
        {
            int[] wanted = isOld ? s_seasonal : [.. Enumerable.Range(1, HoursOfNewSeries)];
            var sums = await SumsAsync(organisation, facet, [.. group.Keys], wanted, cancellationToken);
            foreach (var (value, age) in group) known[(organisation, facet.Name, value)] = Learn(sums.GetValueOrDefault(value, []), Math.Clamp(age, 0, MaxHours), isCurrent);
        }
        foreach (var value in values) known.TryAdd((organisation, facet.Name, value), KnownSeries.None);
    }

    private async Task<Dictionary<string, List<HourSum>>> SumsAsync(Guid organisation, Facet facet, string[] values, int[] wanted, CancellationToken cancellationToken)
    {
        DateTime[] hours = [.. wanted.SelectMany(back => new[] { hour.AddHours(-back), hour.AddHours(-back).AddMinutes(30) }).Select(h => h.UtcDateTime)];
        var rows = await database.ReadAlongAsync("""
            select value, at, requests - refused, errors, cost_nano_usd from usage_hours
            where organisation_id = @organisation and facet = @facet and team_id = '00000000-0000-0000-0000-000000000000' and at = any(@hours) and value = any(@values)
            """, r => (Value: r.GetString(0), Sum: SumOf(r.GetFieldValue<DateTimeOffset>(1), r.GetInt64(2), r.GetInt64(3), r.GetInt64(4))), cancellationToken,
            [.. Of(organisation, facet, values), new("hours", NpgsqlDbType.Array | NpgsqlDbType.TimestampTz) { Value = hours }]);
        return rows.GroupBy(r => r.Value, r => r.Sum, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.ToList(), StringComparer.Ordinal);
    }

    private HourSum SumOf(DateTimeOffset at, long requests, long errors, long cost) =>
        new((int)Math.Round((hour - at).TotalHours, MidpointRounding.AwayFromZero), at.AddHours(1) <= hour, requests, errors, cost);

    private static KnownSeries Learn(List<HourSum> sums, int age, bool isCurrent)
    {
        // Its first day began at some time of it: hours before its first request were not lived through.
        if (age <= HoursOfNewSeries && sums.Count > 0) age = Math.Min(age, sums.Max(s => s.Back));
        var (costs, counts) = (new double[age], new double[age]);
        foreach (var sum in sums.Where(s => s.Back >= 1 && s.Back <= age))
        {
            costs[sum.Back - 1] += sum.CostNanoUsd / NanoUsd;
            counts[sum.Back - 1] += sum.Requests;
        }
        var requests = sums.Sum(s => s.Requests);
        var perRequest = requests == 0 ? 0 : sums.Sum(s => s.CostNanoUsd) / NanoUsd / requests;
        return new(CallerBaseline.Of(costs, counts, perRequest, isCurrent && sums.TrueForAll(s => s.IsOver)), requests == 0 ? 0 : (double)sums.Sum(s => s.Errors) / requests);
    }

    private static NpgsqlParameter[] Of(Guid organisation, Facet facet, string[] values) =>
        [Sql.Id("organisation", organisation), new NpgsqlParameter<short>("facet", facet.Number), Sql.Texts("values", values)];

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct HourSum(int Back, bool IsOver, long Requests, long Errors, long CostNanoUsd);
}
