using AspireGateway.Portal.Configuration;
using AspireGateway.Shared.Domain.Guardrails;
using Npgsql;

namespace AspireGateway.Portal.Quarantine;

/// <summary>Ends quarantined requests at their deadline, and deletes texts and rows when their time is over.</summary>
internal sealed class QuarantineWorker(NpgsqlDataSource database, RejectQuarantine reject, TimeProvider clock, ILogger<QuarantineWorker> logger)
    : StoreWorker("Ending quarantined requests", TimeSpan.FromSeconds(10), clock, logger)
{
    private const int Batch = 100;

    /// <inheritdoc />
    protected override async Task LookAsync(CancellationToken cancellationToken)
    {
        while (await ExpireAsync(cancellationToken) == Batch) continue;
        await ForgetTextsAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task TidyAsync(CancellationToken cancellationToken)
    {
        while (await ForgetRowsAsync(cancellationToken) == Batch) continue;
    }

    /// <summary>Ends what is due, at most a hundred at once.</summary>
    /// <returns>How many were due.</returns>
    internal async Task<int> ExpireAsync(CancellationToken cancellationToken)
    {
        var due = await database.ReadAsync("select organisation_id, id from quarantined_requests where state = 'pending' and deadline <= @now order by deadline limit @batch",
            r => (Organisation: r.GetGuid(0), Id: r.GetGuid(1)), cancellationToken, Sql.Time("now", Clock.GetUtcNow()), Sql.Number("batch", Batch));
        foreach (var (organisation, id) in due) await reject.ExpireAsync(organisation, id, cancellationToken);
        return due.Count;
    }

    /// <summary>Deletes texts that nobody can need any more: the release they wait for is over.</summary>
    internal async Task ForgetTextsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("update quarantined_requests set payload = null where payload is not null and decided_at <= @before");
        command.Parameters.Add(Sql.Time("before", Clock.GetUtcNow() - QuarantinedRequest.UseWithin));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Deletes rows that are kept no longer, at most a hundred at once.</summary>
    /// <returns>How many were deleted.</returns>
    internal async Task<int> ForgetRowsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(
            "delete from quarantined_requests where id in (select id from quarantined_requests where decided_at <= @before order by decided_at limit @batch for update skip locked)");
        command.Parameters.AddRange((NpgsqlParameter[])[Sql.Time("before", Clock.GetUtcNow() - QuarantinedRequest.KeptFor), Sql.Number("batch", Batch)]);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
