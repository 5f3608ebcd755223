using AspireGateway.Portal.Alerts.Detection;
using AspireGateway.Portal.Alerts.Watch;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Webhooks;
using Npgsql;

namespace AspireGateway.Portal.Alerts;

/// <summary>Raises, announces and ends alerts. One open alert a subject, and webhooks are told once, however many portals look.</summary>
internal sealed class AlertBook(NpgsqlDataSource database)
{
    /// <summary>Part of the threshold below which an alert of guardrails is over.</summary>
    public const double OverBelow = 0.5;

    /// <summary>Whether a mute <c>m</c> that is not over at <c>@now</c> covers the alert <c>a</c>.</summary>
    public const string Covers = "m.organisation_id = a.organisation_id and m.kind = a.kind and (m.subject is null or m.subject = a.subject) and m.until > @now";

    /// <summary>Raises it, or notes that it goes on. Whoever is to be told is told by <see cref="AnnounceAsync"/>.</summary>
    /// <returns>Whether it was raised now.</returns>
    public async Task<bool> RaiseAsync(Finding finding, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var raised = await database.ReadAsync("""
            insert into alerts as a (id, organisation_id, kind, subject, subject_name, tier, value, latest, usual, threshold, learned, samples, usual_rate, opened_at, seen_at)
            values (@id, @organisation, @kind, @subject, @name, @tier, @value, @value, @usual, @threshold, @learned, @samples, @rate, @now, @now)
            on conflict (organisation_id, kind, subject) where closed_at is null
                do update set seen_at = @now, latest = @value, value = greatest(a.value, @value), tier = case when @tier = 'page' then 'page' else a.tier end
            returning (xmax = 0) as is_new
            """, r => r.GetBoolean(0), cancellationToken,
            Sql.Id("id", Guid.CreateVersion7(now)), Sql.Id("organisation", finding.Key.Organisation), Sql.Text("kind", finding.Key.Kind), Sql.Text("subject", finding.Key.Subject),
            Sql.Text("name", finding.Name), Sql.Text("tier", finding.Tier), new NpgsqlParameter<double>("value", finding.Value), new NpgsqlParameter<double>("usual", finding.Usual),
            new NpgsqlParameter<double>("threshold", finding.Judgement.Threshold), Sql.Text("learned", LearnedFrom(finding.Learned)), new NpgsqlParameter<int>("samples", finding.Samples),
            new NpgsqlParameter<double>("rate", finding.UsualRate), Sql.Time("now", now));
        return raised is [true];
    }

    /// <summary>Tells webhooks of what is open, was not told yet and is not muted: at once, or when its mute is over and it still goes on. Claimed and on its way together or not at all.</summary>
    /// <returns>How many alerts were announced.</returns>
    public async Task<int> AnnounceAsync(DateTimeOffset now, CancellationToken cancellationToken) => (await database.ReadAsync($"""
        with told as (
            update alerts a set announced_at = @now where a.closed_at is null and a.announced_at is null and not exists (select from alert_mutes m where {Covers})
            returning a.*
        ), sent as (
            insert into webhook_deliveries (id, organisation_id, webhook_id, event_type, payload, created_at, next_attempt_at)
            select gen_random_uuid(), t.organisation_id, w.id, @event,
                jsonb_build_object('type', @event, 'timestamp', t.opened_at, 'data', jsonb_build_object(
                    'id', t.id, 'organization', o.slug, 'tier', t.tier, 'kind', t.kind, 'subject', t.subject, 'subject_name', t.subject_name,
                    'value', t.value, 'usual', t.usual, 'threshold', t.threshold, 'action', (
                        select jsonb_build_object('kind', b.kind, 'requests_per_minute', b.requests_per_minute, 'since', b.created_at, 'until', b.until) from key_brakes b where b.alert_id = t.id order by b.id limit 1))), @now, @now
            from told t join organisations o on o.id = t.organisation_id
            join webhooks w on w.organisation_id = t.organisation_id and w.is_enabled and (cardinality(w.events) = 0 or @event = any(w.events))
        )
        select id from told
        """, r => r.GetGuid(0), cancellationToken, Sql.Time("now", now), Sql.Text("event", WebhookEvents.AlertRaised))).Count;

    /// <summary>Ends one.</summary>
    public Task EndAsync(SeriesKey key, double value, DateTimeOffset now, CancellationToken cancellationToken) => database.ReadAsync(
        "update alerts set closed_at = @now, latest = @value where organisation_id = @organisation and kind = @kind and subject = @subject and closed_at is null returning id", r => r.GetGuid(0),
        cancellationToken, Sql.Time("now", now), new NpgsqlParameter<double>("value", value), Sql.Id("organisation", key.Organisation), Sql.Text("kind", key.Kind), Sql.Text("subject", key.Subject));

    /// <summary>What is open of the kinds that are looked at each minute.</summary>
    public Task<List<SeriesKey>> OpenAsync(CancellationToken cancellationToken) => database.ReadAsync(
        "select organisation_id, kind, subject from alerts where closed_at is null and kind <> @kind", r => new SeriesKey(r.GetGuid(0), r.GetString(1), r.GetString(2)), cancellationToken,
        Sql.Text("kind", AlertKinds.GuardrailRise));

    /// <summary>Ends those of guardrails whose value is far enough below what raised them.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="values">Present values by organisation and subject; one that is missing is 0.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task EndAsync(string kind, IReadOnlyDictionary<(Guid Organisation, string Subject), long> values, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var open = await database.ReadAsync(
            "select id, organisation_id, subject, threshold from alerts where kind = @kind and closed_at is null",
            r => (Id: r.GetGuid(0), Series: (r.GetGuid(1), r.GetString(2)), Threshold: r.GetDouble(3)), cancellationToken, Sql.Text("kind", kind));
        Guid[] over = [.. open.Where(a => values.GetValueOrDefault(a.Series) < OverBelow * a.Threshold).Select(a => a.Id)];
        if (over.Length > 0)
            await database.ReadAsync("update alerts set closed_at = @now where id = any(@over) and closed_at is null returning id", r => r.GetGuid(0), cancellationToken, Sql.Time("now", now), Sql.Ids("over", over));
    }

    private static string? LearnedFrom(BaselineKind kind) => kind switch { BaselineKind.Seasonal => "seasonal", BaselineKind.Recent or BaselineKind.Daily => "recent", _ => null };
}
