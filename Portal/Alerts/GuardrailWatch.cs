using AspireGateway.Portal.Configuration;
using Npgsql;

namespace AspireGateway.Portal.Alerts;

/// <summary>Watches how many requests guardrails find something in, hour by hour, and raises an alert on a sudden rise.</summary>
internal sealed class GuardrailWatch(NpgsqlDataSource database, AlertBook book, TimeProvider clock, ILogger<GuardrailWatch> logger)
    : StoreWorker("Watching guardrails", TimeSpan.FromMinutes(1), clock, logger)
{
    /// <summary>How long alerts that are over are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(400);

    private const int DaysBack = 7, HoursOfNewSeries = 24;

    /// <inheritdoc />
    protected override Task LookAsync(CancellationToken cancellationToken) => RoundAsync(cancellationToken);

    /// <inheritdoc />
    protected override Task TidyAsync(CancellationToken cancellationToken) =>
        database.ReadAsync("delete from alerts where closed_at < @before returning id", r => r.GetGuid(0), cancellationToken, Sql.Time("before", Clock.GetUtcNow() - Kept));

    /// <summary>One look at every organisation. Several portals may do it at once: they find the same.</summary>
    internal async Task RoundAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        // Each organisation's part of the index of findings, one hour of it: little, whatever was found before.
        var lastHour = (await database.ReadAlongAsync("""
            select o.id, f.guardrail, f.requests from organisations o cross join lateral (
                select g as guardrail, count(*) as requests from usage_records u, unnest(u.guardrails_triggered) g
                where u.organisation_id = o.id and u.at > @from and u.at <= @now and cardinality(u.guardrails_triggered) > 0 group by g) f
            """, r => (Series: (Organisation: r.GetGuid(0), Guardrail: r.GetString(1)), Requests: r.GetInt64(2)), cancellationToken,
            Sql.Time("from", now.AddHours(-1)), Sql.Time("now", now))).ToDictionary(f => f.Series, f => f.Requests);
        foreach (var organisation in lastHour.Where(f => f.Value >= RiseTest.LeastCount).GroupBy(f => f.Key.Organisation))
            await CompareAsync(organisation.Key, organisation.ToDictionary(f => f.Key.Guardrail, f => f.Value, StringComparer.Ordinal), now, cancellationToken);
        await book.EndAsync(AlertKinds.GuardrailRise, lastHour, now, cancellationToken);
    }

    private async Task CompareAsync(Guid organisation, IReadOnlyDictionary<string, long> requests, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var first = (await database.ReadAlongAsync(
            "select min(at) from usage_records where organisation_id = @organisation and at > @from", r => r.Nullable<DateTimeOffset>(0), cancellationToken,
            Sql.Id("organisation", organisation), Sql.Time("from", now.AddDays(-DaysBack).AddHours(-1))))[0] ?? now;
        var counts = (await database.ReadAlongAsync("""
            select g, floor(extract(epoch from @now - u.at) / 3600)::int, count(*) from usage_records u, unnest(u.guardrails_triggered) g
            where u.organisation_id = @organisation and u.at > @from and u.at <= @now - interval '1 hour' and cardinality(u.guardrails_triggered) > 0 and g = any(@guardrails)
                and (u.at > @now - make_interval(hours => @recent + 1) or floor(extract(epoch from @now - u.at) / 3600)::int % 24 = 0)
            group by 1, 2
            """, r => (Series: (r.GetString(0), r.GetInt32(1)), Count: r.GetInt64(2)), cancellationToken,
            Sql.Time("now", now), Sql.Id("organisation", organisation), Sql.Time("from", now.AddDays(-DaysBack).AddHours(-1)), Sql.Texts("guardrails", [.. requests.Keys]),
            new NpgsqlParameter<int>("recent", HoursOfNewSeries))).ToDictionary(c => c.Series, c => c.Count);
        foreach (var (guardrail, value) in requests)
        {
            // Only days and hours that were lived through count, with 0 where nothing was found.
            long[] sameHours = [.. Enumerable.Range(1, DaysBack).Where(day => first <= now.AddDays(-day)).Select(day => counts.GetValueOrDefault((guardrail, 24 * day)))];
            long[] recent = [.. Enumerable.Range(1, HoursOfNewSeries).Reverse().Where(hour => first <= now.AddHours(-hour)).Select(hour => counts.GetValueOrDefault((guardrail, hour)))];
            var (usual, threshold) = RiseTest.Of(sameHours, recent);
            if (value < threshold) continue;
            await book.RaiseAsync(new(new(organisation, AlertKinds.GuardrailRise, guardrail), value, usual, new(threshold, true, false)) { Samples = Math.Max(sameHours.Length, recent.Length) }, now, cancellationToken);
        }
        await book.AnnounceAsync(now, cancellationToken);
    }
}
