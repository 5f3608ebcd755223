using AspireGateway.Portal.Configuration;
using Npgsql;

namespace AspireGateway.Portal.Webhooks;

/// <summary>Puts quarantined requests, and how they ended, on their way to webhooks: each once, however many portals run. Nothing of their texts.</summary>
internal static class QuarantineAnnouncer
{
    private const int Batch = 100;

    private const string Facts = """
        jsonb_build_object('id', c.id, 'organization', o.slug, 'team_id', c.team_id, 'team_name', t.name, 'key_id', c.key_id, 'key_name', k.name, 'operation', c.operation,
            'model', c.model, 'user_id', c.user_id, 'feature', c.feature, 'agent', c.agent, 'guardrails', to_jsonb(c.guardrails),
            'findings', (select jsonb_object_agg(f.type, f.count) from unnest(c.finding_types, c.finding_counts) as f(type, count)),
            'created_at', c.created_at, 'deadline', c.deadline)
        """;

    /// <summary>Announces what there is, at most a hundred of each kind at once.</summary>
    /// <returns>Whether there may be more.</returns>
    public static async Task<bool> AnnounceAsync(NpgsqlDataSource database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var created = await AnnounceAsync(database, "announced_at", "announced_at is null", "created_at", Facts, WebhookEvents.QuarantineCreated, now, cancellationToken);
        var decided = await AnnounceAsync(database, "decision_announced_at", "decided_at is not null and decision_announced_at is null", "decided_at",
            $"{Facts} || jsonb_build_object('state', c.state, 'decided_by', c.decided_by, 'decided_at', c.decided_at, 'note', c.note, 'valid_until', c.valid_until)",
            WebhookEvents.QuarantineDecided, now, cancellationToken);
        return created == Batch || decided == Batch;
    }

    // One statement: claimed and on its way together or not at all. The pieces of SQL are this class's own.
    private static async Task<int> AnnounceAsync(
        NpgsqlDataSource database, string mark, string unmarked, string at, string data, string type, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var claimed = await database.ReadAsync($"""
            with claimed as (
                update quarantined_requests q set {mark} = @now
                where q.id in (select id from quarantined_requests where {unmarked} order by {at} limit @batch for update skip locked)
                returning q.*
            ), sent as (
                insert into webhook_deliveries (id, organisation_id, webhook_id, event_type, payload, created_at, next_attempt_at)
                select gen_random_uuid(), c.organisation_id, w.id, @type, jsonb_build_object('type', @type, 'timestamp', c.{at}, 'data', {data}), @now, @now
                from claimed c join organisations o on o.id = c.organisation_id join teams t on t.id = c.team_id join virtual_keys k on k.id = c.key_id
                join webhooks w on w.organisation_id = c.organisation_id and w.is_enabled and (cardinality(w.events) = 0 or @type = any(w.events))
            )
            select id from claimed
            """, r => r.GetGuid(0), cancellationToken, Sql.Time("now", now), Sql.Number("batch", Batch), Sql.Text("type", type));
        return claimed.Count;
    }
}
