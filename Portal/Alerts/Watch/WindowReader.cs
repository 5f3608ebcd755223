using AspireGateway.Portal.Alerts.Detection;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.RollUps;
using Npgsql;

namespace AspireGateway.Portal.Alerts.Watch;

/// <summary>Reads what ended within the last minutes. Each organisation's end of its index by time, walked once: the same work whatever was recorded before.</summary>
internal sealed class WindowReader(NpgsqlDataSource database)
{
    // A request stands in the index where it arrived, and counts when it ended: this far back those that ran longer than the window are found.
    private static readonly TimeSpan s_back = TimeSpan.FromMinutes(20);

    private const string Ended = """
        select o.id as organisation_id, u.* from organisations o cross join lateral (
            select r.team_id, r.key_id, r.feature, r.agent, r.provider, r.status, r.error, r.cost_nano_usd, r.overhead_us, r.id, r.at from usage_records r
            where r.organisation_id = o.id and r.at > @back and r.at <= @now and r.at + r.latency_us * interval '1 microsecond' > @from) u
        """;

    /// <summary>Sums by key, team, feature, agent and provider.</summary>
    public Task<List<UsageWindow>> SumsAsync(DateTimeOffset now, CancellationToken cancellationToken) => database.ReadAlongAsync($"""
        select organisation_id,
            case when grouping(key_id) = 0 then 'key' when grouping(team_id) = 0 then 'team' when grouping(feature) = 0 then 'feature' when grouping(agent) = 0 then 'agent' else 'provider' end,
            coalesce(key_id::text, team_id::text, feature, agent, provider), count(*), sum(cost_nano_usd)::bigint,
            count(*) filter (where status in ('failed', 'truncated', 'degraded')), count(*) filter (where status <> 'refused' and error = 'rate_limit_exceeded')
        from ({Ended}) w where status <> 'refused'
        group by grouping sets ((organisation_id, key_id), (organisation_id, team_id), (organisation_id, feature), (organisation_id, agent), (organisation_id, provider))
        having coalesce(key_id::text, team_id::text, feature, agent, provider) is not null
        """, r => new UsageWindow(r.GetGuid(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5), r.GetInt64(6)), cancellationToken, Parameters(now));

    /// <summary>How many whole answers the gateways themselves held up for how long, by step of <see cref="LatencyScale"/>.</summary>
    public Task<List<(Guid Organisation, int Bin, long Count)>> OverheadsAsync(DateTimeOffset now, CancellationToken cancellationToken) => database.ReadAlongAsync(
        $"select organisation_id, {LatencyScale.Bin("overhead_us")}, count(*) from ({Ended}) w where status = 'ok' group by 1, 2", r => (r.GetGuid(0), (int)r.GetInt16(1), r.GetInt64(2)),
        cancellationToken, Parameters(now));

    /// <summary>Refusals by limits and budgets, by the scope whose it was, with the name of its tier: the newest two thousand of each organisation's window. What a policy's throttle refuses was told with the alert that it answers.</summary>
    public Task<List<LimitBreaches>> BreachesAsync(DateTimeOffset now, CancellationToken cancellationToken) => database.ReadAlongAsync("""
        select u.organisation_id, coalesce(j.document::jsonb -> 'refusal' ->> 'scope_kind', 'key'), coalesce(j.document::jsonb -> 'refusal' ->> 'scope_id', ''), count(*),
            (select t.name from tier_assignments a join tiers t on t.id = a.tier_id
             where a.organisation_id = u.organisation_id and ((a.scope_kind = 'key' and a.scope_id = u.key_id::text) or (a.scope_kind = 'team' and a.scope_id = u.team_id::text))
             order by (a.scope_kind = 'key') desc limit 1)
        from organisations o cross join lateral (
            select r.id, r.at, r.organisation_id, r.team_id, r.key_id from usage_records r
            where r.organisation_id = o.id and r.status = 'refused' and r.at > @from and r.at <= @now and r.error in ('rate_limit_exceeded', 'concurrency_exceeded', 'queue_timeout', 'budget_exceeded')
            order by r.at desc limit 2000) u
        left join journeys j on j.id = u.id and j.at = u.at and j.at > @from
        where coalesce(j.document::jsonb -> 'refusal' ->> 'anomaly', '') <> 'true'
        group by 1, 2, 3, 5
        """, r => new LimitBreaches(r.GetGuid(0), r.GetString(1), r.GetString(2), r.GetInt64(3), r.Text(4)), cancellationToken, Parameters(now));

    private static NpgsqlParameter[] Parameters(DateTimeOffset now) => [Sql.Time("now", now), Sql.Time("from", now - SpikeRule.Window), Sql.Time("back", now - s_back)];
}
