using AspireGateway.Portal.Components.Formats;
using AspireGateway.Shared.Domain.Limits;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.RollUps;

/// <summary>
/// Brings the roll-ups on by one transaction: the sums and how far they go change together or not at all, so a batch that is killed was never there. Whoever holds the
/// lock of the one row of <c>usage_rollups</c> works; others find it taken and come back later (decision 0133).
/// </summary>
internal sealed class RollUpBatch(NpgsqlDataSource database, IOptions<RollUpOptions> options, TimeProvider clock)
{
    // The first batch after the migration takes all that was there before.
    private const int StatementSeconds = 3600;

    /// <summary>Takes in what is new.</summary>
    /// <returns>Whether there may be more at once; false too when another portal is at it.</returns>
    public async Task<RollUpStep> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await LockAsync(connection, cancellationToken) is not { } state) return RollUpStep.Busy;
        await ExecuteAsync(connection, "set local jit = off", cancellationToken);
        if (!state.IsSameCluster) state = state with { Done = await RebaseAsync(connection, state.Done, cancellationToken) };
        if (await MoveZoneAsync(connection, state.Done, cancellationToken))
        {
            await transaction.CommitAsync(cancellationToken);
            return new(0, IsMore: true);
        }

        var (horizon, isMore, isEmpty) = await HorizonAsync(connection, state.Done, cancellationToken);
        var records = isEmpty ? 0 : await AddAsync(connection, RollUpSql.Difference, cancellationToken, Xid("from", state.Done), Xid("to", horizon));
        await ExecuteAsync(connection, "delete from usage_corrections where died < @to", cancellationToken, Xid("to", horizon));
        await ExecuteAsync(
            connection, "update usage_rollups set done = @to, records = records + @records, complete_to = case when @more then complete_to else @now end",
            cancellationToken, Xid("to", horizon), new("records", records), new("more", isMore), new("now", clock.GetUtcNow().ToUniversalTime()));
        if (records > 0) await ExecuteAsync(connection, $"notify {Live.LiveListener.UsageChannel}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new(records, isMore);
    }

    /// <summary>Drops sums that are kept no longer.</summary>
    public async Task ForgetAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var (table, column) in new[] { ("usage_hours", "at"), ("usage_latency_hours", "at"), ("usage_days", "day"), ("usage_cubes", "day"), ("usage_latency_days", "day") })
            await ExecuteAsync(
                connection, $"delete from {table} where organisation_id in (select organisation_id from usage_rollup_zones) and {column} < @before", cancellationToken,
                column == "at" ? new NpgsqlParameter("before", HoursFrom(now)) : new NpgsqlParameter("before", DateOnly.FromDateTime(now.UtcDateTime).AddDays(-options.Value.Days)));
    }

    private DateTimeOffset HoursFrom(DateTimeOffset now) => new(now.UtcDateTime.Date.AddDays(-options.Value.HourDays), TimeSpan.Zero);

    private static async Task<State?> LockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select done, cluster = usage_cluster() from usage_rollups for update skip locked", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(reader.GetFieldValue<ulong>(0), reader.GetBoolean(1)) : null;
    }

    // Every transaction before the oldest one that still runs has ended: what it wrote can be seen, and nothing can come before it any more.
    private async Task<(ulong Horizon, bool IsMore, bool IsEmpty)> HorizonAsync(NpgsqlConnection connection, ulong done, CancellationToken cancellationToken)
    {
        var safe = await ScalarAsync<ulong>(connection, "select pg_snapshot_xmin(pg_current_snapshot())", cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            select max(n.tx::text::bigint), count(*), exists (select from usage_corrections where died >= @from and died < @to)
            from (select tx from usage_records where tx >= @from and tx < @to order by tx limit @most) n
            """, connection);
        foreach (var parameter in (NpgsqlParameter[])[Xid("from", done), Xid("to", safe), new("most", options.Value.BatchRecords)]) command.Parameters.Add(parameter);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var count = reader.GetInt64(1);
        if (count < options.Value.BatchRecords) return (safe, false, count == 0 && !reader.GetBoolean(2));
        return ((ulong)reader.GetInt64(0) + 1, true, false);
    }

    /// <summary>A zone that was changed cuts other days: what is still in the records is summed up anew, what is older stays as it was cut. A new organisation begins with UTC, as records of unknown ones do, and is moved.</summary>
    private async Task<bool> MoveZoneAsync(NpgsqlConnection connection, ulong done, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            connection, "insert into usage_rollup_zones select id, 'UTC' from organisations o where not exists (select from usage_rollup_zones z where z.organisation_id = o.id) on conflict do nothing",
            cancellationToken);
        Guid organisation;
        string zone;
        await using (var command = new NpgsqlCommand(
            "select o.id, o.time_zone from organisations o join usage_rollup_zones z on z.organisation_id = o.id where z.time_zone <> o.time_zone limit 1", connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken)) return false;
            (organisation, zone) = (reader.GetGuid(0), reader.GetString(1));
        }

        // The day of the oldest partition may be cut by the one before, which is gone: two days later is whole in any zone.
        var oldest = await ScalarAsync<DateOnly?>(
            connection, "select min(to_date(right(c.relname, 8), 'YYYYMMDD')) from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'usage_records'::regclass",
            cancellationToken) ?? DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        // This organisation may keep less than the others.
        if (await ScalarAsync<DateOnly?>(connection, "select usage_since from retention where organisation_id = @organisation", cancellationToken, new NpgsqlParameter("organisation", organisation)) is { } kept && kept > oldest) oldest = kept;
        var first = await ScalarAsync<long>(connection, "select count(*) from usage_days where organisation_id = @organisation and day < @oldest", cancellationToken, new("organisation", organisation), new("oldest", oldest)) == 0
            ? new DateOnly(1970, 1, 1)
            : oldest.AddDays(2);
        var since = BudgetWindow.StartOf(first, Moment.Zone(zone)).ToUniversalTime();
        await ExecuteAsync(connection, "update usage_rollup_zones set time_zone = @zone where organisation_id = @organisation", cancellationToken, new("organisation", organisation), new("zone", zone));
        foreach (var table in new[] { "usage_days", "usage_cubes", "usage_latency_days" })
            await ExecuteAsync(connection, $"delete from {table} where organisation_id = @organisation and day >= @first", cancellationToken, new("organisation", organisation), new("first", first));
        foreach (var table in new[] { "usage_hours", "usage_latency_hours" })
            await ExecuteAsync(connection, $"delete from {table} where organisation_id = @organisation and at >= @since", cancellationToken, new("organisation", organisation), new("since", since));
        await AddAsync(connection, RollUpSql.Truth, cancellationToken, new("organisation", organisation), new("since", since), Xid("to", done));
        return true;
    }

    /// <summary>
    /// The database came out of a dump of another cluster, whose transactions have other numbers. With nobody writing, everything is taken in, and all records become as those that were there before
    /// the first migration.
    /// </summary>
    private async Task<ulong> RebaseAsync(NpgsqlConnection connection, ulong done, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection, "lock table usage_records in access exclusive mode", cancellationToken);
        await AddAsync(connection, RollUpSql.Difference, cancellationToken, Xid("from", done), Xid("to", ulong.MaxValue));
        await ExecuteAsync(connection, "delete from usage_corrections", cancellationToken);
        await ExecuteAsync(connection, "alter table usage_records alter column tx drop default, alter column tx type xid8 using '0'::xid8, alter column tx set default pg_current_xact_id()", cancellationToken);
        await ExecuteAsync(connection, "update usage_rollups set cluster = usage_cluster()", cancellationToken);
        // Not this transaction's own number: one that waits for the lock may have a smaller one.
        return await ScalarAsync<ulong>(connection, "select pg_snapshot_xmin(pg_current_snapshot())", cancellationToken);
    }

    private async Task<long> AddAsync(NpgsqlConnection connection, string versions, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) =>
        await ScalarAsync<long>(connection, RollUpSql.Add(versions), cancellationToken, [.. parameters, new("hours_from", HoursFrom(clock.GetUtcNow()))]);

    private static NpgsqlParameter Xid(string name, ulong value) => new(name, NpgsqlDbType.Xid8) { Value = value };

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = StatementSeconds };
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<T?> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = StatementSeconds };
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) && !reader.IsDBNull(0) ? reader.GetFieldValue<T>(0) : default;
    }

    private sealed record State(ulong Done, bool IsSameCluster);
}

/// <summary>What a batch did.</summary>
/// <param name="Records">Records and corrections taken in.</param>
/// <param name="IsMore">Whether more waits.</param>
internal sealed record RollUpStep(long Records, bool IsMore)
{
    /// <summary>Another portal is at it.</summary>
    public static readonly RollUpStep Busy = new(0, false);
}
