using System.Text.Json;
using AspireGateway.Portal.Api;
using AspireGateway.Portal.Components.Formats;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Webhooks;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.Alerts.Digests;

/// <summary>
/// Makes digests that are due by each organisation's calendar, and puts them on their way with the statement that stores them: once, whatever number of portals makes them and whenever one of them dies. A day on
/// which no portal ran is made up for by the next one that does, the newest only.
/// </summary>
internal sealed class DigestWorker(NpgsqlDataSource database, DigestReader reader, TimeProvider clock, ILogger<DigestWorker> logger)
    : StoreWorker("Making digests", TimeSpan.FromMinutes(5), clock, logger)
{
    private static readonly TimeSpan s_kept = TimeSpan.FromDays(400);

    /// <inheritdoc />
    protected override Task LookAsync(CancellationToken cancellationToken) => RoundAsync(cancellationToken);

    /// <inheritdoc />
    protected override Task TidyAsync(CancellationToken cancellationToken) =>
        database.ReadAsync("delete from alert_digests where made_at < @before returning id", r => r.GetGuid(0), cancellationToken, Sql.Time("before", Clock.GetUtcNow() - s_kept));

    /// <summary>Makes what is due.</summary>
    /// <returns>How many this portal made.</returns>
    internal async Task<int> RoundAsync(CancellationToken cancellationToken)
    {
        var (now, made) = (Clock.GetUtcNow(), 0);
        var organisations = await database.ReadAsync("""
            select o.id, o.slug, o.time_zone, o.created_at, (select max(day) from alert_digests where organisation_id = o.id and period = 'daily'), (select max(day) from alert_digests where organisation_id = o.id and period = 'weekly')
            from organisations o
            """, r => (Id: r.GetGuid(0), Slug: r.GetString(1), Zone: Moment.Zone(r.Text(2)), CreatedAt: r.GetFieldValue<DateTimeOffset>(3), Daily: r.Nullable<DateOnly>(4), Weekly: r.Nullable<DateOnly>(5)), cancellationToken);
        foreach (var organisation in organisations)
            foreach (var (period, last) in new[] { (DigestPeriods.Daily, organisation.Daily), (DigestPeriods.Weekly, organisation.Weekly) })
            {
                var due = DigestPeriods.Due(period, TimeZoneInfo.ConvertTime(now, organisation.Zone).DateTime);
                // What was before the organisation is nothing to tell.
                if (last >= due || DigestPeriods.End(period, due) < DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(organisation.CreatedAt, organisation.Zone).DateTime)) continue;
                var document = await reader.ReadAsync(organisation.Id, organisation.Slug, period, due, cancellationToken);
                if (await StoreAsync(organisation.Id, document, now, cancellationToken)) made++;
            }
        return made;
    }

    private async Task<bool> StoreAsync(Guid organisation, DigestDocument document, DateTimeOffset now, CancellationToken cancellationToken) => (await database.ReadAsync("""
        with made as (
            insert into alert_digests (id, organisation_id, period, day, document, made_at) values (@id, @organisation, @period, @day, @document, @now)
            on conflict (organisation_id, period, day) do nothing returning id, document
        ), sent as (
            insert into webhook_deliveries (id, organisation_id, webhook_id, event_type, payload, created_at, next_attempt_at)
            select gen_random_uuid(), @organisation, w.id, @event, jsonb_build_object('type', @event, 'timestamp', @now, 'data', jsonb_build_object('id', m.id) || m.document), @now, @now
            from made m join webhooks w on w.organisation_id = @organisation and w.is_enabled and (cardinality(w.events) = 0 or @event = any(w.events))
        )
        select id from made
        """, r => r.GetGuid(0), cancellationToken,
        Sql.Id("id", Guid.CreateVersion7(now)), Sql.Id("organisation", organisation), Sql.Text("period", document.Period), new NpgsqlParameter<DateOnly>("day", document.From),
        new NpgsqlParameter("document", NpgsqlDbType.Jsonb) { Value = JsonSerializer.Serialize(document, ApiJson.Default.DigestDocument) }, Sql.Time("now", now),
        Sql.Text("event", document.Period == DigestPeriods.Daily ? WebhookEvents.DigestDaily : WebhookEvents.DigestWeekly))).Count > 0;
}
