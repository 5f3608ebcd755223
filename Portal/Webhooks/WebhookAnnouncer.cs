using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Scopes;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.Webhooks;

/// <summary>
/// Puts what gateways wrote down, passed thresholds, asked-for approvals and quarantined requests, on its way to webhooks: each once, however many portals run and whenever one
/// of them dies.
/// </summary>
internal sealed class WebhookAnnouncer(NpgsqlDataSource database, TimeProvider clock)
{
    private const int Batch = 100;

    // Older approvals were announced, or nobody was there to be told; this bounds the search.
    private static readonly TimeSpan ApprovalsBack = TimeSpan.FromDays(1);

    /// <summary>Announces what there is, at most some hundred at once.</summary>
    /// <returns>Whether there may be more.</returns>
    public async Task<bool> AnnounceAsync(CancellationToken cancellationToken)
    {
        var budgets = await AnnounceBudgetsAsync(cancellationToken);
        var approvals = await AnnounceApprovalsAsync(cancellationToken);
        var steering = await SteeringAnnouncer.AnnounceAsync(database, clock.GetUtcNow(), cancellationToken);
        var quarantine = await QuarantineAnnouncer.AnnounceAsync(database, clock.GetUtcNow(), cancellationToken);
        return budgets == Batch || approvals == Batch || steering || quarantine;
    }

    // A row is claimed, marked and its deliveries are written in one transaction: who comes at the same time skips it, who comes later finds it marked, and a
    // crash in between leaves it as it was.
    private async Task<int> AnnounceBudgetsAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var passed = new List<(Guid Organisation, DateTimeOffset At, BudgetThresholdData Data)>();
        await using (var claim = new NpgsqlCommand($"""
            with s as (
                update budget_events e set announced_at = @now
                where e.id in (select id from budget_events where announced_at is null order by at limit @batch for update skip locked)
                returning e.id, e.organisation_id, e.budget_id, e.scope_kind, nullif(e.scope_id, '') as scope_id, e.window_start, e.threshold, e.settled_nano_usd,
                    e.cap_nano_usd, e.at
            )
            select s.id, s.organisation_id, s.budget_id, s.scope_kind, s.scope_id, s.window_start, s.threshold, s.settled_nano_usd, s.cap_nano_usd, s.at,
                coalesce(o.slug, ''), b.period, b.on_exceeded, {ScopeSight.Name}
            from s join budgets b on b.id = s.budget_id left join organisations o on o.id = s.organisation_id
            """, connection, transaction))
        {
            claim.Parameters.AddRange((NpgsqlParameter[])[Sql.Time("now", now), Sql.Number("batch", Batch)]);
            await using var reader = await claim.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                passed.Add((reader.GetGuid(1), reader.GetFieldValue<DateTimeOffset>(9), new()
                {
                    Id = reader.GetGuid(0), BudgetId = reader.GetGuid(2), ScopeKind = reader.GetString(3), ScopeId = reader.Text(4),
                    WindowStart = reader.GetFieldValue<DateTimeOffset>(5), Threshold = reader.GetInt32(6), SettledUsd = UsdAmount.Text(reader.GetInt64(7)),
                    CapUsd = UsdAmount.Text(reader.GetInt64(8)), Organization = reader.GetString(10), Period = reader.GetString(11), OnExceeded = reader.GetString(12),
                    ScopeName = reader.Text(13),
                }));
        }
        foreach (var (organisation, at, data) in passed.OrderBy(p => p.At))
        {
            var body = Body(WebhookEvents.BudgetThreshold, at, data, WebhookJson.Default.WebhookPayloadBudgetThresholdData);
            foreach (var webhook in await ReceiversAsync(connection, transaction, organisation, WebhookEvents.BudgetThreshold, cancellationToken))
                await EnqueueAsync(connection, transaction, Guid.CreateVersion7(now), organisation, webhook, WebhookEvents.BudgetThreshold, body, now, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return passed.Count;
    }

    // Approvals bear no mark; instead the delivery's id follows from the approval's and the webhook's, so that a second try finds it there. It keeps the
    // approval's moment in front, as a UUIDv7 does, so that lists by id are lists by time.
    private async Task<int> AnnounceApprovalsAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var asked = await database.ReadAsync("""
            select f.* from (
                select a.id, a.organisation_id, o.slug, a.team_id, t.name, a.key_id, k.name, a.model, a.user_id, a.feature, a.expected_nano_usd, a.worst_case_nano_usd,
                    a.threshold_nano_usd, a.requested_at, w.id as webhook_id,
                    (left(replace(a.id::text, '-', ''), 12) || '7' || left(md5(a.id::text || w.id::text), 3) || '8' || right(md5(a.id::text || w.id::text), 15))::uuid as delivery_id
                from webhooks w
                join approvals a on a.organisation_id = w.organisation_id and a.id > @back and a.status = 'pending' and a.requested_at >= w.created_at
                join organisations o on o.id = a.organisation_id join teams t on t.id = a.team_id join virtual_keys k on k.id = a.key_id
                where w.is_enabled and (cardinality(w.events) = 0 or @type = any(w.events))
            ) f
            where not exists (select from webhook_deliveries d where d.id = f.delivery_id)
            order by f.id limit @batch
            """, r => (
                Delivery: r.GetGuid(15), Organisation: r.GetGuid(1), Webhook: r.GetGuid(14), At: r.GetFieldValue<DateTimeOffset>(13), Data: new ApprovalRequestedData
                {
                    Id = r.GetGuid(0), Organization = r.GetString(2), TeamId = r.GetGuid(3), TeamName = r.GetString(4), KeyId = r.GetGuid(5), KeyName = r.GetString(6),
                    Model = r.GetString(7), UserId = r.Text(8), Feature = r.Text(9), ExpectedUsd = UsdAmount.Text(r.GetInt64(10)),
                    WorstCaseUsd = UsdAmount.Text(r.GetInt64(11)), ThresholdUsd = UsdAmount.Text(r.GetInt64(12)),
                }), cancellationToken,
            Sql.Id("back", SmallestIdAt(now - ApprovalsBack)), Sql.Text("type", WebhookEvents.ApprovalRequested), Sql.Number("batch", Batch));
        if (asked.Count == 0) return 0;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var (delivery, organisation, webhook, at, data) in asked)
        {
            var body = Body(WebhookEvents.ApprovalRequested, at, data, WebhookJson.Default.WebhookPayloadApprovalRequestedData);
            await EnqueueAsync(connection, null, delivery, organisation, webhook, WebhookEvents.ApprovalRequested, body, now, cancellationToken);
        }
        return asked.Count;
    }

    private static async Task<List<Guid>> ReceiversAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, Guid organisation, string type, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            select id from webhooks where organisation_id = @organisation and is_enabled and (cardinality(events) = 0 or @type = any(events)) order by id
            """, connection, transaction);
        command.Parameters.AddRange((NpgsqlParameter[])[Sql.Id("organisation", organisation), Sql.Text("type", type)]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken)) ids.Add(reader.GetGuid(0));
        return ids;
    }

    private static async Task EnqueueAsync(
        NpgsqlConnection connection, NpgsqlTransaction? transaction, Guid id, Guid organisation, Guid webhook, string type, string body, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        // The webhook may have been deleted since it was read.
        await using var command = new NpgsqlCommand("""
            insert into webhook_deliveries (id, organisation_id, webhook_id, event_type, payload, created_at, next_attempt_at)
            select @id, @organisation, @webhook, @type, @payload, @now, @now where exists (select from webhooks where id = @webhook for key share)
            on conflict (id) do nothing
            """, connection, transaction);
        command.Parameters.AddRange((NpgsqlParameter[])
        [
            Sql.Id("id", id), Sql.Id("organisation", organisation), Sql.Id("webhook", webhook), Sql.Text("type", type),
            new("payload", NpgsqlDbType.Jsonb) { Value = body }, Sql.Time("now", now),
        ]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static string Body<T>(string type, DateTimeOffset at, T data, JsonTypeInfo<WebhookPayload<T>> json) =>
        JsonSerializer.Serialize(new WebhookPayload<T>(type, at, data), json);

    private static Guid SmallestIdAt(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        var milliseconds = at.ToUnixTimeMilliseconds();
        for (var i = 0; i < 6; i++) bytes[i] = (byte)(milliseconds >> (40 - 8 * i));
        return new(bytes, bigEndian: true);
    }
}
