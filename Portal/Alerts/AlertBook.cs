using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Webhooks;
using Npgsql;

namespace AspireGateway.Portal.Alerts;

/// <summary>
/// Raises and ends alerts. Raising is one statement: the alert and its way to webhooks together or not at all, once, however many portals look. It ends only when the value is below half of what
/// raised it, so that one that hovers is one alert and not twenty.
/// </summary>
internal sealed class AlertBook(NpgsqlDataSource database)
{
    /// <summary>Part of the threshold below which an alert is over.</summary>
    public const double OverBelow = 0.5;

    /// <summary>Raises it, or notes that it goes on.</summary>
    /// <returns>Whether it was raised now.</returns>
    public async Task<bool> RaiseAsync(
        Guid organisation, string kind, string subject, double value, double usual, double threshold, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var raised = await database.ReadAsync("""
            with raised as (
                insert into alerts as a (id, organisation_id, kind, subject, value, usual, threshold, opened_at, seen_at)
                values (@id, @organisation, @kind, @subject, @value, @usual, @threshold, @now, @now)
                on conflict (organisation_id, kind, subject) where closed_at is null do update set seen_at = @now, value = greatest(a.value, @value)
                returning id, (xmax = 0) as is_new
            ), sent as (
                insert into webhook_deliveries (id, organisation_id, webhook_id, event_type, payload, created_at, next_attempt_at)
                select gen_random_uuid(), @organisation, w.id, @event,
                    jsonb_build_object('type', @event, 'timestamp', @now, 'data', jsonb_build_object(
                        'id', r.id, 'organization', o.slug, 'kind', @kind, 'subject', @subject, 'value', @value, 'usual', @usual, 'threshold', @threshold)), @now, @now
                from raised r join organisations o on o.id = @organisation
                join webhooks w on w.organisation_id = @organisation and w.is_enabled and (cardinality(w.events) = 0 or @event = any(w.events))
                where r.is_new
            )
            select is_new from raised
            """, r => r.GetBoolean(0), cancellationToken,
            Sql.Id("id", Guid.CreateVersion7(now)), Sql.Id("organisation", organisation), Sql.Text("kind", kind), Sql.Text("subject", subject), new NpgsqlParameter<double>("value", value),
            new NpgsqlParameter<double>("usual", usual), new NpgsqlParameter<double>("threshold", threshold), Sql.Time("now", now), Sql.Text("event", WebhookEvents.AlertRaised));
        return raised is [true];
    }

    /// <summary>Ends those of a kind whose value is far enough below what raised them.</summary>
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
}
