using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Security;
using AspireGateway.Shared.Data;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace AspireGateway.Portal.Overview;

/// <summary>The last 24 hours of the organisation, hour by hour, beside the 24 hours before.</summary>
public sealed class OverviewQuery(NpgsqlDataSource database, IDbContextFactory<GatewayDbContext> contexts, TimeProvider clock)
{
    private const int Hours = 24, TopSpenders = 5;

    private const string Totals = """
        coalesce(sum(u.cost_nano_usd), 0)::bigint, count(*), count(*) filter (where u.status in ('failed', 'truncated', 'orphaned', 'degraded')),
        count(*) filter (where u.status = 'refused'),
        coalesce(sum(u.input_tokens + u.cache_read_tokens + u.cache_write_tokens + u.output_tokens), 0)::bigint, count(*) filter (where u.estimated)
        """;

    // Whole answers only: refusals take microseconds and aborts end when the caller likes.
    private const string Latencies = """
        percentile_disc(array[0.5, 0.95, 0.99]) within group (order by u.latency_us) filter (where u.status = 'ok'),
        percentile_disc(array[0.5, 0.95, 0.99]) within group (order by u.ttft_us) filter (where u.status = 'ok' and u.ttft_us is not null)
        """;

    /// <summary>What the actor may see of it.</summary>
    public async Task<Result<OverviewData>> RunAsync(Actor actor, CancellationToken cancellationToken)
    {
        var scope = Scope.Of(actor, Permission.SeeCosts);
        if (scope.Failure is { } refusal) return refusal;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var zone = await context.Organisations.Where(o => o.Id == actor.OrganisationId).Select(o => o.TimeZone).FirstOrDefaultAsync(cancellationToken) ?? "UTC";
        var now = clock.GetUtcNow();
        var since = StartOfHour(now, zone).AddHours(1 - Hours);

        var hours = await HoursAsync(scope.Value, since, now, cancellationToken);
        var day = await DayAsync(scope.Value, since, now, cancellationToken);
        // As long as the time shown, a day earlier: the running hour is compared with the same part of its hour.
        var before = await DayAsync(scope.Value, since.AddDays(-1), now.AddDays(-1), cancellationToken);
        var models = await TopAsync(
            scope.Value, "u.model", "coalesce(u.model, 'no model')", "null::text", since, now, cancellationToken);
        var keys = await TopAsync(
            scope.Value, "u.key_id", "coalesce(max((select k.name from virtual_keys k where k.id = u.key_id)), 'deleted key')",
            "max((select t.name from teams t where t.id = u.team_id))", since, now, cancellationToken);

        var shown = Enumerable.Range(0, Hours).Select(i => since.AddHours(i)).Select(start =>
            hours.TryGetValue(start, out var hour) ? hour : new OverviewHour(start, new(0, 0, 0, 0, 0, 0), null)).ToList();
        return new OverviewData(
            now, since, day.Totals, before.Totals, shown, models, keys,
            IsFirstRun: day.Totals.Requests == 0 && !await AnyAsync(scope.Value, cancellationToken))
        {
            Latency = day.Latency,
            LatencyBefore = before.Latency,
            Ttft = day.Ttft,
            TtftBefore = before.Ttft,
        };
    }

    private async Task<Dictionary<DateTimeOffset, OverviewHour>> HoursAsync(Scope scope, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            $"""
            select date_bin('1 hour', u.at, @from), {Totals}, {Latencies}
            from usage_records u where {Scope.OfUsage} and u.at >= @from and u.at < @to group by 1
            """,
            r => new OverviewHour(r.GetFieldValue<DateTimeOffset>(0), Sums(r, 1), Latency(r, 7)) { Ttft = Latency(r, 8) },
            cancellationToken, [.. scope.Parameters, Sql.Time("from", from), Sql.Time("to", to)]);
        return rows.ToDictionary(h => h.Start);
    }

    private async Task<(OverviewTotals Totals, Percentiles? Latency, Percentiles? Ttft)> DayAsync(
        Scope scope, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        (await database.ReadAsync(
            $"select {Totals}, {Latencies} from usage_records u where {Scope.OfUsage} and u.at >= @from and u.at < @to",
            r => (Sums(r, 0), Latency(r, 6), Latency(r, 7)),
            cancellationToken, [.. scope.Parameters, Sql.Time("from", from), Sql.Time("to", to)]))[0];

    // The columns are constants of this file.
    private Task<List<TopSpender>> TopAsync(
        Scope scope, string group, string name, string detail, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken) =>
        database.ReadAsync(
            $"""
            select {name}, {detail}, coalesce({group}::text, ''), count(*),
                coalesce(sum(u.input_tokens + u.cache_read_tokens + u.cache_write_tokens + u.output_tokens), 0)::bigint, sum(u.cost_nano_usd)::bigint
            from usage_records u where {Scope.OfUsage} and u.at >= @from and u.at < @to
            group by {group} order by 6 desc, 4 desc, 3 limit {TopSpenders}
            """,
            r => new TopSpender(r.GetString(0), r.Text(1), r.GetString(2), r.GetInt64(3), r.GetInt64(4), r.GetInt64(5)),
            cancellationToken, [.. scope.Parameters, Sql.Time("from", from), Sql.Time("to", to)]);

    // Not bounded in time on purpose: with the index it ends at the first row of any partition.
    private async Task<bool> AnyAsync(Scope scope, CancellationToken cancellationToken) =>
        (await database.ReadAsync(
            $"select exists (select 1 from usage_records u where {Scope.OfUsage})", r => r.GetBoolean(0), cancellationToken, scope.Parameters))[0];

    private static OverviewTotals Sums(NpgsqlDataReader r, int first) =>
        new(r.GetInt64(first), r.GetInt64(first + 1), r.GetInt64(first + 2), r.GetInt64(first + 3), r.GetInt64(first + 4), r.GetInt64(first + 5));

    private static Percentiles? Latency(NpgsqlDataReader r, int column) =>
        r.IsDBNull(column) ? null : r.GetFieldValue<long[]>(column) is [var p50, var p95, var p99] ? new(p50, p95, p99) : null;

    // Zones may lie half an hour off: the hours people read begin there.
    private static DateTimeOffset StartOfHour(DateTimeOffset now, string zone)
    {
        var offset = TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found.GetUtcOffset(now) : TimeSpan.Zero;
        var local = now.ToOffset(offset);
        return new DateTimeOffset(local.Year, local.Month, local.Day, local.Hour, 0, 0, offset).ToUniversalTime();
    }
}
