using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.Overview;

/// <summary>Reads the overview: raw records of the last day, and the sums of the day before. Percentiles come from the records themselves.</summary>
public sealed class OverviewQuery(NpgsqlDataSource database, TimeProvider clock)
{
    private const int HoursShown = 24;
    private const int TopCount = 6;

    // $1 organisation, $2 from, $3 to, $4 teams or null, $5 owner of the keys or null.
    private const string Scope = """
        from usage_records r
        where r.organisation_id = $1 and r.at >= $2 and r.at < $3
          and ($4::uuid[] is null or r.team_id = any($4))
          and ($5::uuid is null or r.key_id in (select id from virtual_keys where owner_id = $5))
        """;

    private const string Sums = """
        coalesce(sum(r.cost_nano_usd), 0)::bigint, count(*),
        count(*) filter (where r.status in ('failed', 'truncated', 'orphaned')), count(*) filter (where r.status = 'refused'),
        coalesce(sum(r.input_tokens + r.cache_read_tokens + r.cache_write_tokens + r.output_tokens), 0)::bigint,
        count(*) filter (where r.estimated)
        """;

    /// <summary>Runs it for what the actor may see of its organisation's usage.</summary>
    public async Task<Result<OverviewData>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        if (Permissions.Refuse(actor, Permission.SeeCosts) is { } refusal) return refusal;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var zone = Moment.Zone(await ScalarAsync<string>(connection, "select time_zone from organisations where id = $1", actor, cancellationToken));
        var since = StartOfHour(now, zone).AddHours(1 - HoursShown);
        var window = new Window(actor, since, now);

        var hours = await HoursAsync(connection, window, zone, cancellationToken);
        var before = await TotalsAsync(connection, window.DayBefore(), cancellationToken);
        var models = await TopAsync(connection, window, ByModel, cancellationToken);
        var keys = await TopAsync(connection, window, ByKey, cancellationToken);
        var total = Sum(hours);
        var isFirstRun = total.Requests is 0 && before.Requests is 0
            && !await ScalarAsync<bool>(connection, "select exists (select 1 from usage_records where organisation_id = $1)", actor, cancellationToken);
        return new OverviewData(now, since, total, before, hours, models, keys, isFirstRun);
    }

    private static string ByModel => $"""
        select coalesce(r.model, 'none named'), null, coalesce(r.model, ''), count(*),
               sum(r.input_tokens + r.cache_read_tokens + r.cache_write_tokens + r.output_tokens)::bigint, sum(r.cost_nano_usd)::bigint as cost
        {Scope} group by r.model order by cost desc, count(*) desc limit {TopCount}
        """;

    private static string ByKey => $"""
        select coalesce(k.name, 'deleted key'), t.name, s.key_id::text, s.requests, s.tokens, s.cost
        from (select r.key_id, count(*) as requests,
                     sum(r.input_tokens + r.cache_read_tokens + r.cache_write_tokens + r.output_tokens)::bigint as tokens, sum(r.cost_nano_usd)::bigint as cost
              {Scope} group by r.key_id order by cost desc, count(*) desc limit {TopCount}) s
        left join virtual_keys k on k.id = s.key_id
        left join teams t on t.id = k.team_id
        order by s.cost desc, s.requests desc
        """;

    private static async Task<List<OverviewHour>> HoursAsync(NpgsqlConnection connection, Window window, TimeZoneInfo zone, CancellationToken cancellationToken)
    {
        await using var command = window.Command(connection, $"""
            select date_trunc('hour', r.at, $6), {Sums},
                   percentile_disc(array[0.5, 0.95, 0.99]) within group (order by r.latency_us) filter (where r.status = 'ok')
            {Scope} group by 1
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = zone.Id });
        var found = new Dictionary<DateTimeOffset, OverviewHour>();
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var start = reader.GetFieldValue<DateTimeOffset>(0);
                var latency = await reader.IsDBNullAsync(7, cancellationToken) ? null : reader.GetFieldValue<long[]>(7);
                found[start] = new(start, Totals(reader, 1), latency is [var p50, var p95, var p99] ? new(p50, p95, p99) : null);
            }
        }

        var hours = new List<OverviewHour>(HoursShown);
        for (var i = 0; i < HoursShown; i++)
        {
            var start = window.From.AddHours(i);
            hours.Add(found.GetValueOrDefault(start) ?? new(start, new(0, 0, 0, 0, 0, 0), null));
        }
        return hours;
    }

    private static async Task<OverviewTotals> TotalsAsync(NpgsqlConnection connection, Window window, CancellationToken cancellationToken)
    {
        await using var command = window.Command(connection, $"select {Sums} {Scope}");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return Totals(reader, 0);
    }

    private static async Task<List<TopSpender>> TopAsync(NpgsqlConnection connection, Window window, string sql, CancellationToken cancellationToken)
    {
        await using var command = window.Command(connection, sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var top = new List<TopSpender>(TopCount);
        while (await reader.ReadAsync(cancellationToken))
            top.Add(new(
                reader.GetString(0), await reader.IsDBNullAsync(1, cancellationToken) ? null : reader.GetString(1), reader.GetString(2),
                reader.GetInt64(3), reader.GetInt64(4), reader.GetInt64(5)));
        return top;
    }

    private static async Task<T?> ScalarAsync<T>(NpgsqlConnection connection, string sql, Actor actor, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = actor.OrganisationId!.Value });
        return (T?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static OverviewTotals Totals(NpgsqlDataReader reader, int at) => new(
        reader.GetInt64(at), reader.GetInt64(at + 1), reader.GetInt64(at + 2), reader.GetInt64(at + 3), reader.GetInt64(at + 4), reader.GetInt64(at + 5));

    private static OverviewTotals Sum(List<OverviewHour> hours) => new(
        hours.Sum(h => h.Totals.CostNanoUsd), hours.Sum(h => h.Totals.Requests), hours.Sum(h => h.Totals.Errors),
        hours.Sum(h => h.Totals.Refused), hours.Sum(h => h.Totals.Tokens), hours.Sum(h => h.Totals.Estimated));

    // Zones that are half an hour off begin their hours where UTC's are half over.
    private static DateTimeOffset StartOfHour(DateTimeOffset at, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        return at.AddTicks(-(local.TimeOfDay.Ticks % TimeSpan.TicksPerHour));
    }

    private sealed record Window(Actor Actor, DateTimeOffset From, DateTimeOffset To)
    {
        public Window DayBefore() => this with { From = From.AddDays(-1), To = To.AddDays(-1) };

        public NpgsqlCommand Command(NpgsqlConnection connection, string sql)
        {
            var reach = Permissions.Of(Actor, Permission.SeeCosts);
            var command = new NpgsqlCommand(sql, connection);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Actor.OrganisationId!.Value });
            command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = From });
            command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = To });
            command.Parameters.Add(new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid,
                Value = reach == Reach.Teams ? Actor.TeamIds.ToArray() : DBNull.Value,
            });
            command.Parameters.Add(new NpgsqlParameter
            {
                NpgsqlDbType = NpgsqlDbType.Uuid,
                Value = reach == Reach.Own ? Actor.UserId ?? Guid.Empty : DBNull.Value,
            });
            return command;
        }
    }
}
