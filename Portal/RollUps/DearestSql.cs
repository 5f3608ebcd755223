namespace AspireGateway.Portal.RollUps;

/// <summary>
/// Finds those that can be among the dearest groups without reading all groups (the threshold algorithm of Fagin, Lotem and Naor): from each day the dearest few, and from the records that no roll-up
/// holds yet all. Who is on no list costs at most what the last ones on the lists cost together; so whoever is surely dearer than that, and than the others, is among the dearest (decision 0154).
/// </summary>
internal static class DearestSql
{
    /// <summary>
    /// The candidates, as rows of a group and the most that one without a row can have cost, in nano-USD. Parameters: those of <see cref="RolledArm"/>, <c>@depth</c> (how many of a day)
    /// and <c>@limit</c> (how many are wanted).
    /// </summary>
    /// <param name="days">A day's groups with their costs; of <see cref="RolledArm.Dearest"/>.</param>
    /// <param name="tail">Rows of <c>grp</c> and <c>cost_nano_usd</c> for what no roll-up holds.</param>
    public static string Candidates((string Group, string Where) days, string tail) => $"""
        with tops as materialized (
            select d.day::date as day, t.value as grp, t.cost_nano_usd as cost
            from generate_series(@first::timestamp, @end::timestamp - interval '1 day', interval '1 day') d (day)
            cross join lateral (
                select {days.Group} as value, r.cost_nano_usd from usage_days r
                where r.organisation_id = @organisation and {days.Where} and r.day = d.day::date
                order by r.cost_nano_usd desc limit @depth) t
        ),
        floors as materialized (select t.day, case when count(*) < @depth then 0 else greatest(min(t.cost), 0) end as floor from tops t group by t.day),
        unseen as materialized (select coalesce(sum(f.floor), 0) as most from floors f),
        seen as (
            select t.grp, t.cost, f.floor from tops t join floors f using (day)
            union all
            select s.grp, s.cost_nano_usd, 0 from ({tail}) s
        ),
        bounds as materialized (select s.grp, sum(s.cost) as least, sum(s.cost) + (select most from unseen) - sum(s.floor) as most from seen s group by s.grp),
        cut as (select coalesce((select b.least from bounds b order by b.least desc offset @limit - 1 limit 1), 0) as least)
        select b.grp, (select most from unseen)::bigint from bounds b where b.most >= (select least from cut)
        """;
}
