using AspireGateway.Portal.Configuration;
using Npgsql;

namespace AspireGateway.Portal.Content.Keeping;

/// <summary>
/// Deletes texts whose time is over or whose subject was erased, and drops days that hold none any more. One process at a time does it; each step is a statement by itself that finds what is left, so that it can end
/// anywhere and go on where it was. What a legal hold covers stays.
/// </summary>
internal sealed class ContentRetention(NpgsqlDataSource database, TimeProvider clock, ILogger<ContentRetention> logger) : StoreWorker("Deleting kept texts", TimeSpan.FromMinutes(1), clock, logger)
{
    private const int Batch = 500;
    internal const long LockKey = 0x414757434F4E54; // "AGWCONT"

    // Days that a policy was shortened to hold for what is kept already; days that it was lengthened by do not.
    private const string Shorten = """
        with changed as (
            select p.id, p.organisation_id, p.scope_kind, p.scope_id, coalesce((p.settings->>'retention_days')::integer, 30) as days from content_policies p
            where p.settings->>'keep' <> 'off' and p.applied_days is distinct from coalesce((p.settings->>'retention_days')::integer, 30)),
        shortened as (
            update content_records r set retain_until = r.at + make_interval(days => c.days) from changed c
            where r.organisation_id = c.organisation_id and r.retain_until > r.at + make_interval(days => c.days)
                and (c.scope_kind = 'team' and r.team_id::text = c.scope_id
                    or c.scope_kind = 'organisation' and not exists (select from content_policies t where t.organisation_id = r.organisation_id and t.scope_kind = 'team' and t.scope_id = r.team_id::text)))
        update content_policies p set applied_days = c.days from changed c where c.id = p.id
        """;

    private const string DeleteDue = """
        delete from content_records d using (
            select r.id, r.at from content_records r left join content_keys k on k.id = r.data_key
            where r.retain_until <= @now and not exists (
                select from content_holds h where h.organisation_id = r.organisation_id and h.released_at is null
                    and (h.scope_kind = 'organisation' or (h.scope_kind = 'team' and h.scope_id = r.team_id::text) or h.subject = k.subject))
            order by r.retain_until limit @batch) due
        where d.id = due.id and d.at = due.at
        """;

    private const string DeleteErased = """
        with gone as (
            delete from content_records d using (
                select r.id, r.at from content_records r join content_keys k on k.id = r.data_key
                where k.organisation_id = @organisation and k.subject = @subject and k.wrapped is null limit @batch) erased
            where d.id = erased.id and d.at = erased.at returning d.id)
        update content_erasures set rows_removed = rows_removed + (select count(*) from gone), finished_at = case when (select count(*) from gone) < @batch then @now end where id = @id
        returning (select count(*) from gone)
        """;

    // Written by a gateway in the moment in which the key was destroyed: unreadable, and in nobody's count.
    private const string DeleteLate = """
        delete from content_records d using (
            select r.id, r.at from content_records r join content_keys k on k.id = r.data_key
            where k.destroyed_at > @since and not exists (select from content_erasures e where e.subject = k.subject and e.organisation_id = k.organisation_id and e.finished_at is null) limit @batch) late
        where d.id = late.id and d.at = late.at
        """;

    /// <inheritdoc />
    protected override Task LookAsync(CancellationToken cancellationToken) => RunAsync(cancellationToken);

    /// <summary>Does what is due.</summary>
    /// <returns>Rows that were deleted; null = another process is at it.</returns>
    internal async Task<long?> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        if (!await TakeAsync(connection, cancellationToken)) return null;
        try
        {
            await ExecuteAsync(connection, Shorten, cancellationToken);
            var deleted = 0L;
            foreach (var erasure in await OpenErasuresAsync(connection, cancellationToken)) deleted += await EraseAsync(connection, erasure, cancellationToken);
            deleted += await DeleteAsync(connection, DeleteDue, () => [Sql.Time("now", Clock.GetUtcNow()), Sql.Number("batch", Batch)], cancellationToken);
            deleted += await DeleteAsync(connection, DeleteLate, () => [Sql.Time("since", Clock.GetUtcNow().AddDays(-7)), Sql.Number("batch", Batch)], cancellationToken);
            return deleted;
        }
        finally
        {
            // A connection that is gone took the lock with it.
            if (connection.FullState == System.Data.ConnectionState.Open) await ExecuteAsync(connection, "select pg_advisory_unlock(@key)", CancellationToken.None, Sql.Number("key", LockKey));
        }
    }

    /// <inheritdoc />
    protected override Task TidyAsync(CancellationToken cancellationToken) => DropEmptyDaysAsync(cancellationToken);

    /// <summary>Drops days before yesterday that hold nothing.</summary>
    /// <returns>How many were dropped.</returns>
    internal async Task<int> DropEmptyDaysAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // Dropping waits for readers, and everyone who comes after waits for it.
        await ExecuteAsync(connection, "set local lock_timeout = '2s'", cancellationToken);
        await using var command = new NpgsqlCommand("select drop_empty_content_partitions($1)", connection);
        command.Parameters.Add(new() { Value = DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime).AddDays(-1) });
        var dropped = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        await transaction.CommitAsync(cancellationToken);
        return dropped;
    }

    private async Task<long> EraseAsync(NpgsqlConnection connection, (Guid Id, Guid Organisation, byte[] Subject) erasure, CancellationToken cancellationToken)
    {
        var deleted = 0L;
        while (true)
        {
            await using var command = new NpgsqlCommand(DeleteErased, connection);
            command.Parameters.AddRange((NpgsqlParameter[])[
                Sql.Id("id", erasure.Id), Sql.Id("organisation", erasure.Organisation), new("subject", erasure.Subject), Sql.Time("now", Clock.GetUtcNow()), Sql.Number("batch", Batch)]);
            var gone = (long)(await command.ExecuteScalarAsync(cancellationToken) ?? 0L);
            deleted += gone;
            if (gone < Batch) return deleted;
        }
    }

    private static async Task<List<(Guid Id, Guid Organisation, byte[] Subject)>> OpenErasuresAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var open = new List<(Guid, Guid, byte[])>();
        await using var command = new NpgsqlCommand("select id, organisation_id, subject from content_erasures where finished_at is null order by id", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) open.Add((reader.GetGuid(0), reader.GetGuid(1), reader.GetFieldValue<byte[]>(2)));
        return open;
    }

    private static async Task<bool> TakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var take = new NpgsqlCommand("select pg_try_advisory_lock($1)", connection);
        take.Parameters.Add(new() { Value = LockKey });
        return await take.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task<long> DeleteAsync(NpgsqlConnection connection, string statement, Func<NpgsqlParameter[]> parameters, CancellationToken cancellationToken)
    {
        var deleted = 0L;
        while (await ExecuteAsync(connection, statement, cancellationToken, parameters()) is var gone)
        {
            deleted += gone;
            if (gone < Batch) break;
        }
        return deleted;
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
