using AspireGateway.Portal.Retention;
using Npgsql;

namespace AspireGateway.Portal.Partitions;

/// <summary>Makes the days' partitions before they are needed and drops those that are kept no longer.</summary>
public static class DayPartitions
{
    /// <summary>Days made ahead: a portal that is down for a long weekend costs no record.</summary>
    public const int DaysAhead = 3;

    // Any constant serves, as long as nothing else in the database takes the same lock.
    internal const long LockKey = 0x41475750415254; // "AGWPART"

    /// <summary>Makes yesterday's partition to that of <see cref="DaysAhead"/> days ahead, where missing.</summary>
    /// <returns>How many were made.</returns>
    public static async Task<int> EnsureAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        await using var command = new NpgsqlCommand("select ensure_day_partitions($1)", connection);
        command.Parameters.Add(new() { Value = Enumerable.Range(-1, DaysAhead + 2).Select(today.AddDays).ToArray() });
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>Makes and drops partitions unless another process is at it.</summary>
    /// <returns>How many were made and dropped; null = another process holds the lock.</returns>
    public static async Task<(int Made, int Dropped)?> KeepAsync(
        NpgsqlDataSource database, PartitionOptions options, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var take = new NpgsqlCommand("select pg_try_advisory_xact_lock($1)", connection))
        {
            take.Parameters.Add(new() { Value = LockKey });
            if (await take.ExecuteScalarAsync(cancellationToken) is not true) return null;
        }
        // Dropping waits for readers, and everyone who comes after waits for it: better to try again in an hour.
        await using (var patience = new NpgsqlCommand("set local lock_timeout = '2s'", connection))
            await patience.ExecuteNonQueryAsync(cancellationToken);

        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var made = await EnsureAsync(connection, now, cancellationToken);
        var (usage, journeys) = await RetentionSweep.DroppableAsync(connection, options, today, cancellationToken);
        var dropped = await DropAsync(connection, "usage_records", usage, cancellationToken) + await DropAsync(connection, "journeys", journeys, cancellationToken);
        // What is left of a dropped day's corrections explains nothing any more.
        await using (var forget = new NpgsqlCommand("delete from price_corrections where at < $1", connection))
        {
            forget.Parameters.Add(new() { Value = new DateTimeOffset(usage, TimeOnly.MinValue, TimeSpan.Zero) });
            await forget.ExecuteNonQueryAsync(cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return (made, dropped);
    }

    private static async Task<int> DropAsync(NpgsqlConnection connection, string parent, DateOnly before, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select drop_day_partitions($1, $2)", connection);
        command.Parameters.Add(new() { Value = parent });
        command.Parameters.Add(new() { Value = before });
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
