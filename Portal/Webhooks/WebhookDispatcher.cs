using AspireGateway.Portal.Configuration;
using Npgsql;

namespace AspireGateway.Portal.Webhooks;

/// <summary>Delivers what is due, with retries. Several portals share the work: a delivery is leased to one of them for the time of a try.</summary>
internal sealed class WebhookDispatcher(NpgsqlDataSource database, WebhookSender sender, TimeProvider clock)
{
    /// <summary>Pauses after the first, second, ... failed try; after the last of them it is given up.</summary>
    public static readonly IReadOnlyList<TimeSpan> Pauses =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(6),
    ];

    /// <summary>How long deliveries that came to an end are kept.</summary>
    public static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    // Few of one webhook, so that one that hangs does not keep the others' events waiting for long.
    private const int OfAll = 32, OfOne = 4;

    /// <summary>Tries what is due now, all at the same time, some 32 at most.</summary>
    /// <returns>How many were tried.</returns>
    public async Task<int> DeliverDueAsync(CancellationToken cancellationToken)
    {
        var due = await ClaimAsync(cancellationToken);
        await Task.WhenAll(due.Select(d => d.RunAsync(database, sender, clock, askedBy: null, cancellationToken)));
        return due.Count;
    }

    /// <summary>Forgets what came to an end long ago.</summary>
    /// <returns>How many were forgotten.</returns>
    public async Task<int> ForgetAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            delete from webhook_deliveries where id in (
                select id from webhook_deliveries where next_attempt_at is null and created_at < @before limit 10000)
            """);
        command.Parameters.Add(Sql.Time("before", clock.GetUtcNow() - Retention));
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<List<DeliveryTry>> ClaimAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await database.ReadAsync($"""
            update webhook_deliveries d set attempts = d.attempts + 1, next_attempt_at = @lease
            from webhooks w
            where w.id = d.webhook_id and d.id in (
                select due.id from webhooks h cross join lateral (
                    select x.id, x.next_attempt_at from webhook_deliveries x
                    where x.webhook_id = h.id and x.next_attempt_at <= @now order by x.next_attempt_at limit @of_one for update skip locked) due
                where h.is_enabled order by due.next_attempt_at limit @of_all)
            returning {DeliveryTry.Columns}
            """, DeliveryTry.Of, cancellationToken,
            Sql.Time("now", now), Sql.Time("lease", now + DeliveryTry.Lease), Sql.Number("of_one", OfOne), Sql.Number("of_all", OfAll));
    }
}
