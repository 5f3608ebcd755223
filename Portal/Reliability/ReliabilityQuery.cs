using System.Text.Json;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain.Reliability;
using Npgsql;

namespace AspireGateway.Portal.Reliability;

/// <summary>How the organisation's deployments do, and what their circuits did. For all who see models.</summary>
public sealed class ReliabilityQuery(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Most deployments that are shown at once.</summary>
    public const int MaxDeployments = 500;

    // An attempt is a place in the chain of a request. All but the last have failed, unless the journey says that an answer came or was no longer waited for.
    private const string Figures = """
        with attempts as (
            select a.name, r.latency_us, r.ttft_us, a.place = a.places as is_last,
                case when a.place = a.places then r.status in ('failed', 'truncated', 'degraded')
                    else coalesce(j.document->'attempts'->(a.place::int - 1)->>'outcome', 'failed') not in ('ok', 'hedge_lost', 'caller_left') end as failed,
                a.name <> r.deployment as fell_back, r.streamed
            from usage_records r
            cross join lateral (
                select c.name, c.place, count(*) over () as places
                from unnest(case when cardinality(r.fallback_chain) > 0 then r.fallback_chain else array[r.deployment] end) with ordinality as c (name, place)) a
            left join journeys j on cardinality(r.fallback_chain) > 1 and j.id = r.id and j.at = r.at
            where r.organisation_id = @organisation and r.at >= @from and r.deployment is not null and r.status <> 'refused')
        select name, count(*), count(*) filter (where failed), count(*) filter (where failed and fell_back),
            percentile_cont(array[0.5, 0.95, 0.99]) within group (order by latency_us) filter (where is_last and not failed),
            percentile_cont(0.95) within group (order by ttft_us) filter (where is_last and not failed and streamed and ttft_us is not null)
        from attempts group by name
        """;

    private const string Events = """
        select e.id, e.deployment_id, d.name, e.at, e.state, e.reason, e.until, e.gateway
        from circuit_events e join deployments d on d.id = e.deployment_id
        """;

    // What circuits did, and credentials that were refused. Ids of both begin with their time.
    private const string Happened = """
        select e.id, e.deployment_id, d.name, e.at, e.state, e.reason, e.until, e.gateway
        from circuit_events e join deployments d on d.id = e.deployment_id
        where e.organisation_id = @organisation and (@deployment::uuid is null or e.deployment_id = @deployment) and (@after::uuid is null or e.id < @after)
        union all
        select s.id, d.id, d.name, s.at, 'credential_refused',
            'its provider refuses credential ' || c.name || case s.detail ->> 'reason' when 'credential_unreadable' then ': this gateway cannot open it' else '' end, (s.detail ->> 'until')::timestamptz, ''
        from steering_events s
        join credentials c on c.id = s.subject_id
        join deployments d on d.id = (s.detail ->> 'deployment_id')::uuid
        where s.organisation_id = @organisation and s.type = 'credential.refused' and (@deployment::uuid is null or d.id = @deployment) and (@after::uuid is null or s.id < @after)
        order by id desc limit @limit
        """;

    private const string Refused = """
        select d.id, array_agg(distinct c.name order by c.name)
        from steering_events e
        join credentials c on c.id = e.subject_id
        join deployments d on d.id = (e.detail ->> 'deployment_id')::uuid and (d.credential_id = c.id or c.id = any(d.more_credential_ids))
        where e.organisation_id = @organisation and e.type = 'credential.refused' and e.at > c.updated_at and (e.detail ->> 'until')::timestamptz > @now
        group by d.id
        """;

    /// <summary>All deployments by name.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="hours">How far back, 1 to 24; null = 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Result<Page<ReliabilityRow>>> RunAsync(Actor actor, int? hours, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        if (hours is < 1 or > 24) return new Failure.Invalid([new("hours", "hours must be between 1 and 24.")]);
        var organisation = Sql.Id("organisation", actor.OrganisationId);
        var now = clock.GetUtcNow();
        var figures = (await database.ReadAsync(Figures, r => new
        {
            Name = r.GetString(0), Attempts = r.GetInt64(1), Failed = r.GetInt64(2), FellBack = r.GetInt64(3), Percentiles = r.IsDBNull(4) ? null : r.GetFieldValue<double[]>(4), Ttft = r.Nullable<double>(5),
        }, cancellationToken, organisation.Clone(), Sql.Time("from", now.AddHours(-(hours ?? 1))))).ToDictionary(f => f.Name, StringComparer.Ordinal);
        var last = (await database.ReadAsync(
            $"select distinct on (e.deployment_id) {Events["select ".Length..]} where e.organisation_id = @organisation order by e.deployment_id, e.at desc, e.id desc", Event, cancellationToken,
            organisation.Clone())).ToDictionary(e => e.DeploymentId);
        var refused = (await database.ReadAsync(Refused, r => (Id: r.GetGuid(0), Names: r.GetFieldValue<string[]>(1)), cancellationToken, organisation.Clone(), Sql.Time("now", now)))
            .ToDictionary(r => r.Id, r => r.Names);
        var rows = await database.ReadAsync(
            "select d.id, d.name, p.name, d.breaker::text from deployments d join providers p on p.id = d.provider_id where d.organisation_id = @organisation order by d.name limit @limit",
            r =>
            {
                var (id, name) = (r.GetGuid(0), r.GetString(1));
                var breaker = r.Text(3) is { } json ? JsonSerializer.Deserialize(json, DataJson.Default.BreakerSettings)! : new BreakerSettings();
                var figure = figures.GetValueOrDefault(name);
                var what = last.GetValueOrDefault(id);
                return new ReliabilityRow
                {
                    DeploymentId = id, Name = name, Provider = r.GetString(2), Breaker = breaker, Last = what, State = StateOf(breaker, what, now), RefusedCredentials = refused.GetValueOrDefault(id, []),
                    Attempts = figure?.Attempts ?? 0, Failed = figure?.Failed ?? 0, FellBack = figure?.FellBack ?? 0,
                    P50Us = (long?)figure?.Percentiles?[0], P95Us = (long?)figure?.Percentiles?[1], P99Us = (long?)figure?.Percentiles?[2], TtftP95Us = (long?)figure?.Ttft,
                };
            },
            cancellationToken, organisation.Clone(), Sql.Number("limit", MaxDeployments));
        return new Page<ReliabilityRow>(rows, null);
    }

    /// <summary>Deployments that get no requests now, or single ones to try them, by name; at most 50. Nothing of usage is read for it.</summary>
    public async Task<Result<List<(string Name, string State, string? Reason)>>> NotServingAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        var now = clock.GetUtcNow();
        var rows = await database.ReadAsync("""
            select d.name, d.breaker::text, e.id, e.at, e.state, e.reason, e.until, e.gateway, d.id
            from deployments d left join lateral (select * from circuit_events e where e.deployment_id = d.id order by e.at desc, e.id desc limit 1) e on true
            where d.organisation_id = @organisation and d.is_enabled order by d.name limit @limit
            """,
            r =>
            {
                var breaker = r.Text(1) is { } json ? JsonSerializer.Deserialize(json, DataJson.Default.BreakerSettings)! : new BreakerSettings();
                var last = r.IsDBNull(2) ? null : new CircuitEventRow
                {
                    Id = r.GetGuid(2), DeploymentId = r.GetGuid(8), Deployment = r.GetString(0), At = r.GetFieldValue<DateTimeOffset>(3), State = r.GetString(4), Reason = r.GetString(5),
                    Until = r.Nullable<DateTimeOffset>(6), Gateway = r.GetString(7),
                };
                return (Name: r.GetString(0), State: StateOf(breaker, last, now), Reason: last?.Reason);
            }, cancellationToken, Sql.Id("organisation", actor.OrganisationId), Sql.Number("limit", MaxDeployments));
        return rows.FindAll(r => r.State is "open" or "half_open" or "taken_out");
    }

    /// <summary>What circuits did and which credentials were refused, newest first.</summary>
    public async Task<Result<Page<CircuitEventRow>>> EventsAsync(Actor actor, Guid? deploymentId, string? after, int? limit, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeModels) is { } refusal) return refusal;
        if (!Cursor.TryRead(after, out var from)) return Cursor.Fault;
        var take = PageSize.Of(limit);
        var rows = await database.ReadAsync(
            Happened, Event, cancellationToken, Sql.Id("organisation", actor.OrganisationId), Sql.Id("deployment", deploymentId), Sql.Id("after", from), Sql.Number("limit", take + 1));
        return PageSize.Page(rows, take, e => e.Id.ToString());
    }

    private static string StateOf(BreakerSettings breaker, CircuitEventRow? last, DateTimeOffset now) =>
        breaker.IsHeldOpen ? "taken_out"
        : last is null ? "closed"
        : last.State is "resting" or "standing_in" && last.Until <= now ? "closed"
        : last.State == "open" && last.Until <= now ? "half_open"
        // Opened by hand, and closed since.
        : last.State == "open" && last.Until is null ? "closed"
        : last.State;

    private static CircuitEventRow Event(NpgsqlDataReader r) => new()
    {
        Id = r.GetGuid(0), DeploymentId = r.GetGuid(1), Deployment = r.GetString(2), At = r.GetFieldValue<DateTimeOffset>(3), State = r.GetString(4), Reason = r.GetString(5),
        Until = r.Nullable<DateTimeOffset>(6), Gateway = r.GetString(7),
    };
}
