namespace AspireGateway.Portal.RollUps;

/// <summary>The statements that bring the roll-ups on.</summary>
internal static class RollUpSql
{
    /// <summary>No team: of all teams together.</summary>
    public const string AllTeams = "'00000000-0000-0000-0000-000000000000'::uuid";

    // Longest value of a tag that is summed by; what is longer is an id or a text, and the same for all.
    internal const int LongestTag = 96;

    /// <summary>A record's tags as <c>g.value</c>; one row with '' where it has none.</summary>
    public static readonly string TagsOfRecord = $"""
        cross join lateral (
            select t.key || '=' || case when length(t.value) > {LongestTag} then '(long)' else t.value end as value from jsonb_each_text(coalesce(u.tags, '{"{}"}')) t
            union all select '' where coalesce(u.tags, '{"{}"}') = '{"{}"}') g
        """;

    private static readonly string OneValue = string.Join(", ", Facet.OfOneValue.SelectMany(f => f.PerTeam || f.HasTeamDays
        ? (string[])[$"({f.Number}::smallint, {AllTeams}, {f.OfRecord})", $"({f.Number}::smallint, u.team_id, {f.OfRecord})"]
        : [$"({f.Number}::smallint, {AllTeams}, {f.OfRecord})"]));

    // Days of a team only: hours of them would serve no page.
    private static readonly string DaysOnly = string.Join(", ", Facet.OfOneValue.Where(f => f.HasTeamDays).Select(f => f.Number));

    private static readonly string WithLatencies = string.Join(", ", Facet.OfOneValue.Where(f => f.HasLatencies).Select(f => $"({f.Number}::smallint, {f.OfRecord})"));

    private static readonly string CubeColumns = string.Join(", ", Facet.OfOneValue.Where(f => f.Cube is not null).Select(f => f.Cube));

    private static readonly string CubeValues = string.Join(", ", Facet.OfOneValue.Where(f => f.Cube is not null).Select(f => f == Facet.Team ? "t.team_id" : $"{f.OfRecord} as {f.Cube}"));

    /// <summary>The versions of records by which the truth at <c>@to</c> differs from that at <c>@from</c>, with their signs.</summary>
    public const string Difference = """
        select 1 as sign, r.* from usage_records r where r.tx >= @from and r.tx < @to
        union all
        select 1, (jsonb_populate_record(null::usage_records, c.record)).* from usage_corrections c where c.born >= @from and c.born < @to and c.died >= @to
        union all
        select -1, (jsonb_populate_record(null::usage_records, c.record)).* from usage_corrections c where c.born < @from and c.died >= @from and c.died < @to
        """;

    /// <summary>The truth of one organisation at <c>@to</c>, from <c>@since</c> on.</summary>
    public const string Truth = """
        select 1 as sign, r.* from usage_records r where r.organisation_id = @organisation and r.at >= @since and r.tx < @to
        union all
        select 1, (jsonb_populate_record(null::usage_records, c.record)).* from usage_corrections c where c.organisation_id = @organisation and c.at >= @since and c.born < @to and c.died >= @to
        """;

    /// <summary>Adds versions to every table, in one statement and so of one look at the database. Hours before <c>@hours_from</c> are not kept.</summary>
    public static string Add(string versions) => $"""
        with v as materialized (
            select u.*, (u.at at time zone z.zone)::date as day,
                date_bin('1 hour', u.at, timestamptz '2000-01-01 00:00:00+00' - ((u.at at time zone z.zone) - (u.at at time zone 'UTC'))) as hour
            from ({versions}) u
            left join usage_rollup_zones o on o.organisation_id = u.organisation_id
            cross join lateral (select coalesce(o.time_zone, 'UTC') as zone) z
        ),
        facets as materialized (
            select p.organisation_id, p.facet, p.team, p.hour, p.day, p.value, {Measure.Sums("p")}
            from (
                select u.organisation_id, f.facet, f.team, u.hour, u.day, f.value, {Measure.OfVersion}
                from v u cross join lateral (values {OneValue}) f (facet, team, value)
                union all
                select u.organisation_id, {Facet.Tag.Number}::smallint, f.team, u.hour, u.day, g.value, {Measure.OfVersion}
                from v u cross join lateral (values ({AllTeams}), (u.team_id)) f (team) {TagsOfRecord}
            ) p
            group by p.organisation_id, p.facet, p.team, p.hour, p.day, p.value
        ),
        hours as (
            insert into usage_hours (organisation_id, facet, team_id, at, value, {Measure.Columns})
            select p.organisation_id, p.facet, p.team, p.hour, p.value, {Measure.Columns} from facets p
            where p.hour >= @hours_from and (p.team = {AllTeams} or p.facet not in ({DaysOnly}))
            on conflict (organisation_id, facet, team_id, at, value) do update set {Measure.Adding("usage_hours")}
        ),
        days as (
            insert into usage_days (organisation_id, facet, team_id, day, value, {Measure.Columns})
            select p.organisation_id, p.facet, p.team, p.day, p.value, {Measure.Sums("p")} from facets p group by 1, 2, 3, 4, 5
            on conflict (organisation_id, facet, team_id, value, day) do update set {Measure.Adding("usage_days")}
        ),
        cubes as (
            insert into usage_cubes (organisation_id, day, {CubeColumns}, {Measure.Columns})
            select p.organisation_id, p.day, {CubeColumns}, {Measure.Sums("p")}
            from (select u.organisation_id, u.day, {CubeValues}, {Measure.OfVersion} from v u cross join lateral (values ({AllTeams}), (u.team_id)) t (team_id)) p
            group by p.organisation_id, p.day, {CubeColumns}
            on conflict (organisation_id, team_id, day, feature, model, provider, deployment, agent, route, task, status, cache) do update set {Measure.Adding("usage_cubes")}
        ),
        latencies as materialized (
            select u.organisation_id, f.facet, u.hour, u.day, f.value, m.measure, m.bin, sum(u.sign)::bigint as count
            from v u
            cross join lateral (values (0::smallint, {LatencyScale.Bin("u.latency_us")}), (1::smallint, case when u.ttft_us is not null then {LatencyScale.Bin("u.ttft_us")} end)) m (measure, bin)
            cross join lateral (values {WithLatencies}) f (facet, value)
            where u.status = 'ok' and m.bin is not null
            group by 1, 2, 3, 4, 5, 6, 7
        ),
        latency_hours as (
            insert into usage_latency_hours (organisation_id, facet, at, value, measure, bin, count)
            select organisation_id, facet, hour, value, measure, bin, count from latencies where hour >= @hours_from
            on conflict (organisation_id, facet, at, value, measure, bin) do update set count = usage_latency_hours.count + excluded.count
        ),
        latency_days as (
            insert into usage_latency_days (organisation_id, facet, day, value, measure, bin, count)
            select organisation_id, facet, day, value, measure, bin, sum(count)::bigint from latencies group by 1, 2, 3, 4, 5, 6
            on conflict (organisation_id, facet, day, value, measure, bin) do update set count = usage_latency_days.count + excluded.count
        )
        select count(*) from v
        """;
}
