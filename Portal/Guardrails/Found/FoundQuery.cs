using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.Usage;
using Npgsql;

namespace AspireGateway.Portal.Guardrails.Found;

/// <summary>Counts requests in which guardrails found something, from the records that have a finding.</summary>
public sealed class FoundQuery(NpgsqlDataSource database, TimeProvider clock)
{
    // A longer time is drawn by days.
    private static readonly TimeSpan ByHours = TimeSpan.FromDays(2);

    /// <summary>Of how many requests, the newest, types are counted: their journeys are read one by one.</summary>
    public const int MostTyped = 10_000;

    // One walk along the index of records with findings; what it brings is counted three ways.
    private const string Count = """
        with found as materialized (
            select u.id, u.at, u.team_id, u.feature, u.guardrails_triggered, u.error is not distinct from 'guardrail_blocked' as refused from usage_records u
            where u.organisation_id = @organisation and u.at >= @from and u.at < @to and cardinality(u.guardrails_triggered) > 0
        ), zone as (select time_zone as name from organisations where id = @organisation)
        select 'all' as part, '' as id, null as name, null::timestamptz as at, count(*), count(*) filter (where refused) from found
        union all
        select * from (
            select 'feature', coalesce(feature, ''), feature, null::timestamptz, count(*), count(*) filter (where refused) from found group by feature order by count(*) desc limit 100) features
        union all
        select 'type', f ->> 'guardrail', f ->> 'type', null, count(distinct n.id), sum((f ->> 'count')::bigint)::bigint
        from (select id, at from found order by at desc limit @typed) n join journeys j on j.id = n.id and j.at = n.at, json_array_elements(j.document -> 'findings') f
        group by f ->> 'guardrail', f ->> 'type'
        union all
        select 'guardrail', g, g, null, count(*), count(*) filter (where refused) from found, unnest(guardrails_triggered) g group by g
        union all
        select 'team', f.team_id::text, (select t.name from teams t where t.id = f.team_id), null, count(*), count(*) filter (where refused) from found f group by f.team_id
        union all
        select 'step', '', null, s.at at time zone zone.name, count(f.at), count(f.at) filter (where f.refused)
        from zone cross join lateral generate_series(date_trunc(@step, @from at time zone zone.name), (@to - interval '1 microsecond') at time zone zone.name, ('1 ' || @step)::interval) s(at)
        left join found f on date_trunc(@step, f.at at time zone zone.name) = s.at
        group by s.at, zone.name
        """;

    /// <summary>What was found in a time.</summary>
    public async Task<Result<FoundReport>> RunAsync(Actor actor, DateTimeOffset? from, DateTimeOffset? to, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeGuardrails) is { } refusal) return refusal;
        var range = TimeRange.Of(from, to, clock.GetUtcNow());
        if (range.Failure is { } bad) return bad;
        var step = range.Value.To - range.Value.From > ByHours ? "day" : "hour";

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Along the index always, as the request log (decision 0150).
        await using (var along = new NpgsqlCommand("select set_config('enable_seqscan', 'off', true)", connection, transaction)) await along.ExecuteNonQueryAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Count, connection, transaction);
        command.Parameters.AddRange((NpgsqlParameter[])
            [Sql.Id("organisation", actor.OrganisationId), Sql.Time("from", range.Value.From), Sql.Time("to", range.Value.To), Sql.Text("step", step), Sql.Number("typed", MostTyped)]);
        var rows = new List<(string Part, string Id, string? Name, DateTimeOffset? At, long Requests, long Refused)>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
            while (await reader.ReadAsync(cancellationToken))
                rows.Add((reader.GetString(0), reader.GetString(1), reader.Text(2), reader.Nullable<DateTimeOffset>(3), reader.GetInt64(4), reader.GetInt64(5)));

        var all = rows.Find(r => r.Part == "all");
        return new FoundReport
        {
            From = range.Value.From, To = range.Value.To, Requests = all.Requests, Refused = all.Refused, Guardrails = Shares("guardrail"), Teams = Shares("team"), Features = Shares("feature"),
            Types = [.. rows.Where(r => r.Part == "type").OrderByDescending(r => r.Requests).ThenBy(r => r.Name, StringComparer.Ordinal).Select(r => new FoundType(r.Id, r.Name!, r.Requests, r.Refused))],
            Steps = [.. rows.Where(r => r.Part == "step").OrderBy(r => r.At).Select(r => new FoundStep(r.At!.Value, r.Requests, r.Refused))],
        };

        IReadOnlyList<FoundShare> Shares(string part) =>
            [.. rows.Where(r => r.Part == part).OrderByDescending(r => r.Requests).ThenBy(r => r.Id, StringComparer.Ordinal).Select(r => new FoundShare(r.Id, r.Name, r.Requests, r.Refused))];
    }
}
