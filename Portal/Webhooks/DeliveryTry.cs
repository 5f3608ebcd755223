using AspireGateway.Portal.Configuration;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.Webhooks;

/// <summary>A delivery that was leased for one try.</summary>
internal sealed record DeliveryTry(Guid Id, Guid Webhook, string Kind, string Url, byte[] Envelope, string Payload, int Attempts)
{
    /// <summary>Columns of a lease's <c>returning</c>, of a delivery <c>d</c> and its webhook <c>w</c>.</summary>
    public const string Columns = "d.id, d.webhook_id, w.url, w.secret_envelope, d.payload::text, d.attempts, w.kind";

    /// <summary>Longer than a try may take: whoever dies in the middle leaves it to another try, with the same id.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);

    /// <summary>Of a leased row.</summary>
    public static DeliveryTry Of(NpgsqlDataReader r) => new(r.GetGuid(0), r.GetGuid(1), r.GetString(6), r.GetString(2), r.GetFieldValue<byte[]>(3), r.GetString(4), r.GetInt32(5));

    /// <summary>Posts it once, and writes down what became of it: in the delivery and among the tries.</summary>
    public async Task RunAsync(NpgsqlDataSource database, WebhookSender sender, TimeProvider clock, string? askedBy, CancellationToken cancellationToken)
    {
        var (at, began) = (clock.GetUtcNow(), clock.GetTimestamp());
        var answer = await sender.SendAsync(Kind, Url, Webhook, Envelope, Id, Payload, cancellationToken);
        var duration = clock.GetElapsedTime(began);
        var now = clock.GetUtcNow();
        DateTimeOffset? next = answer.IsTaken || Attempts > WebhookDispatcher.Pauses.Count ? null : now + WebhookDispatcher.Pauses[Attempts - 1];
        // Of a try that outlived its lease, the later one counts; both happened.
        await using var command = database.CreateCommand("""
            with tried as (
                insert into webhook_attempts (id, webhook_id, delivery_id, number, at, duration_ms, status, error, next_attempt_at, asked_by)
                select @attempt, d.webhook_id, d.id, @attempts, @at, @duration, @status, @error, @next, @asked_by from webhook_deliveries d where d.id = @id
            )
            update webhook_deliveries set next_attempt_at = @next, delivered_at = coalesce(@delivered, delivered_at), last_status = @status, last_error = @error
            where id = @id and attempts = @attempts
            """);
        command.Parameters.AddRange((NpgsqlParameter[])
        [
            Sql.Id("attempt", Guid.CreateVersion7(at)), Sql.Time("at", at), new("duration", (int)Math.Min(int.MaxValue, duration.TotalMilliseconds)), Sql.Text("asked_by", askedBy),
            Sql.Time("next", next), Sql.Time("delivered", answer.IsTaken ? now : null), new("status", NpgsqlDbType.Integer) { Value = (object?)answer.Status ?? DBNull.Value },
            Sql.Text("error", answer.Error), Sql.Id("id", Id), new("attempts", Attempts),
        ]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
