using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Keys;
using AspireGateway.Shared.Domain.Benchmarks;
using Npgsql;

namespace AspireGateway.Portal.Benchmarks.Runs;

/// <summary>Cleans up behind runs. Several portals may do so at once: what one has done the other finds done.</summary>
internal sealed class BenchmarkKeeper(NpgsqlDataSource database, CancelBenchmarkRun cancel, RevokeKeys revoke)
{
    /// <summary>How long a planned run waits to be started. Prices change, and its key is there to be used.</summary>
    public static readonly TimeSpan DraftLifetime = TimeSpan.FromHours(1);

    private const string NotStarted = "It was not started within an hour of being planned.";

    /// <summary>Ends drafts that nobody started, revokes keys of runs that ended, makes up for what their last requests cost, and forgets kept answers whose time is over.</summary>
    public async Task CleanAsync(CancellationToken cancellationToken)
    {
        var drafts = await database.ReadAsync(
            "select organisation_id, id from benchmark_runs where status = 'draft' and created_at < now() - @age limit 100",
            r => (Organisation: r.GetGuid(0), Id: r.GetGuid(1)), cancellationToken, new NpgsqlParameter<TimeSpan>("age", DraftLifetime));
        foreach (var (organisation, id) in drafts)
            await cancel.EndAsync(organisation, id, BenchmarkStatuses.Cancelled, NotStarted, r => r.Status == BenchmarkStatuses.Draft, cancellationToken);

        var keys = await database.ReadAsync(
            "select organisation_id, id, key_id from benchmark_runs where key_envelope is not null and ended_at is not null limit 100",
            r => (Organisation: r.GetGuid(0), Id: r.GetGuid(1), Key: r.GetGuid(2)), cancellationToken);
        foreach (var (organisation, id, key) in keys)
        {
            var revoked = await revoke.RunAsync(CancelBenchmarkRun.WorkerOf(organisation), new() { Ids = [key] }, cancellationToken);
            // One that is gone needs no revoking.
            if (revoked.Failure is null or Failure.NotFound) await ExecuteAsync("update benchmark_runs set key_envelope = null where id = @id", cancellationToken, Sql.Id("id", id));
        }

        // What was under way when a run ended is in no result, but in the usage records, which arrive a little later.
        await ExecuteAsync("""
            update benchmark_runs r set spent_nano_usd = booked.cost
            from (
                select e.id, (select coalesce(sum(u.cost_nano_usd), 0)::bigint from usage_records u where u.key_id = e.key_id and u.at >= e.created_at) as cost
                from benchmark_runs e where e.ended_at between now() - interval '5 minutes' and now() - interval '10 seconds') booked
            where r.id = booked.id and r.spent_nano_usd < booked.cost
            """, cancellationToken);
        await ExecuteAsync("update benchmark_results set reply = null, reply_until = null where reply_until < now()", cancellationToken);
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
