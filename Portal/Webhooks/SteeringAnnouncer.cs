using AspireGateway.Portal.Configuration;
using Npgsql;

namespace AspireGateway.Portal.Webhooks;

/// <summary>Puts what gateways noticed or did by themselves (pins, canaries) into the audit and on its way to webhooks: each once, however many portals run.</summary>
internal static class SteeringAnnouncer
{
    private const int Batch = 100;

    /// <summary>Announces what there is, at most a hundred at once.</summary>
    /// <returns>Whether there may be more.</returns>
    public static async Task<bool> AnnounceAsync(NpgsqlDataSource database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // One statement: claimed, audited and on its way together or not at all. The audit names no person, for none did it.
        var claimed = await database.ReadAsync("""
            with claimed as (
                update steering_events e set announced_at = @now
                where e.id in (select id from steering_events where announced_at is null order by at limit @batch for update skip locked)
                returning e.id, e.organisation_id, e.type, e.subject_id, e.detail, e.at
            ), audited as (
                insert into audit_entries (id, at, organisation_id, actor, action, target_kind, target_id, after, revision)
                select c.id, c.at, c.organisation_id, 'gateway', c.type, split_part(c.type, '.', 1), c.subject_id, c.detail, s.revision from claimed c, configuration_state s
                on conflict (id) do nothing
            ), sent as (
                insert into webhook_deliveries (id, organisation_id, webhook_id, event_type, payload, created_at, next_attempt_at)
                select gen_random_uuid(), c.organisation_id, w.id, c.type,
                    jsonb_build_object('type', c.type, 'timestamp', c.at, 'data', c.detail || jsonb_build_object('id', c.subject_id, 'organization', o.slug)), @now, @now
                from claimed c join organisations o on o.id = c.organisation_id
                join webhooks w on w.organisation_id = c.organisation_id and w.is_enabled and (cardinality(w.events) = 0 or c.type = any(w.events))
            )
            select id from claimed
            """, r => r.GetGuid(0), cancellationToken, Sql.Time("now", now), Sql.Number("batch", Batch));
        return claimed.Count == Batch;
    }
}
