using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Usage;
using AspireGateway.Shared.Domain.Limits;
using Npgsql;

namespace AspireGateway.Portal.Requests;

/// <summary>
/// Narrows the time of a list to the days on which its names occur, as the roll-ups know them. Without it, a model that hardly anybody asked for is looked for in every record of the time,
/// since models, providers, deployments and statuses have no index of their own (decision 0150).
/// </summary>
internal static class NamedDays
{
    // So many records that no roll-up holds yet are looked at; with more of them, the time stays as it is.
    private const int MostNew = 5000;

    /// <summary>The part of the time in which requests of all these names can be; null = there is none.</summary>
    /// <param name="database">The store.</param>
    /// <param name="organisation">The organisation.</param>
    /// <param name="names">Values of facets that the roll-ups of days have.</param>
    /// <param name="range">The time that was asked for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<TimeRange?> NarrowAsync(
        NpgsqlDataSource database, Guid organisation, IReadOnlyList<(Facet Facet, string Value)> names, TimeRange range, CancellationToken cancellationToken)
    {
        if (names.Count == 0) return range;
        var fits = string.Join(" and ", names.Select((n, i) => $"{n.Facet.Column} = @n{i}"));
        var days = string.Concat(names.Select((n, i) => $"""
            , (select min(r.day) from usage_days r where {Of(n.Facet, i)}), (select max(r.day) from usage_days r where {Of(n.Facet, i)})
            """));
        // One statement, so that roll-ups and records are of one moment. Days that are cut by another zone serve nobody.
        var rows = await database.ReadAsync(
            $"""
            with s as materialized (
                select r.done, z.time_zone from usage_rollups r, usage_rollup_zones z join organisations o on o.id = z.organisation_id and o.time_zone = z.time_zone
                where z.organisation_id = @organisation and r.cluster = usage_cluster()
            ),
            fresh as materialized (
                select u.at, u.organisation_id = @organisation and {fits} as fits from usage_records u where u.tx >= (select done from s) limit {MostNew + 1}
            )
            select s.time_zone, (select count(*) from fresh), (select min(f.at) from fresh f where f.fits), (select max(f.at) from fresh f where f.fits){days} from s
            """,
            r => Hull(r, names.Count), cancellationToken,
            [Sql.Id("organisation", organisation), new("first", Day(range.From, -1)), new("last", Day(range.To, 1)), .. names.Select((n, i) => Sql.Text($"n{i}", n.Value))]);
        if (rows is not [{ IsKnown: true } hull]) return range;
        var (from, to) = (Later(range.From, hull.From), hull.To < range.To ? hull.To : range.To);
        return from < to ? new(from, to) : null;
    }

    private static string Of(Facet facet, int i) =>
        $"r.organisation_id = @organisation and r.facet = {facet.Number} and r.team_id = {RollUpSql.AllTeams} and r.value = @n{i} and r.day between @first and @last and r.requests > 0";

    private static (bool IsKnown, DateTimeOffset From, DateTimeOffset To) Hull(NpgsqlDataReader r, int names)
    {
        if (r.GetInt64(1) > MostNew) return default;
        var (from, to) = (DateTimeOffset.MaxValue, DateTimeOffset.MinValue);
        if (r.Nullable<DateTimeOffset>(2) is { } first && r.Nullable<DateTimeOffset>(3) is { } last) (from, to) = (first, last.AddTicks(TimeSpan.TicksPerMillisecond));
        var (low, high) = (DateOnly.MinValue, DateOnly.MaxValue);
        for (var i = 0; i < names; i++)
        {
            // Of several names only the days that all of them have.
            if (r.IsDBNull(4 + (2 * i))) return (true, from, to);
            var (least, most) = (r.GetFieldValue<DateOnly>(4 + (2 * i)), r.GetFieldValue<DateOnly>(5 + (2 * i)));
            (low, high) = (least > low ? least : low, most < high ? most : high);
        }
        if (low > high) return (true, from, to);
        var zone = Moment.Zone(r.GetString(0));
        var (start, end) = (BudgetWindow.StartOf(low, zone), BudgetWindow.StartOf(high.AddDays(1), zone));
        return (true, start < from ? start : from, Later(end, to));
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    // Any zone's day of a moment is within one of UTC's.
    private static DateOnly Day(DateTimeOffset at, int more) => DateOnly.FromDateTime(at.UtcDateTime).AddDays(more);
}
