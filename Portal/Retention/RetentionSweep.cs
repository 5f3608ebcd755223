using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Partitions;
using AspireGateway.Shared.Domain.Limits;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.Retention;

/// <summary>
/// Deletes what organisations keep no longer. A day that nobody keeps is dropped as a partition; what one organisation gives up earlier than others is deleted in batches, oldest first, each a
/// transaction of its own. One portal at a time, by the lock of the partitions; whoever comes later, or after a kill, finds less to do.
/// </summary>
internal sealed class RetentionSweep(NpgsqlDataSource database, TimeProvider clock)
{
    /// <summary>Rows of one transaction.</summary>
    public int BatchRows { get; init; } = 5000;

    /// <summary>The days before which partitions may go: no organisation keeps longer, and no budget needs more.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="options">What holds where an organisation says nothing.</param>
    /// <param name="today">The UTC day.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<(DateOnly Usage, DateOnly Journeys)> DroppableAsync(NpgsqlConnection connection, PartitionOptions options, DateOnly today, CancellationToken cancellationToken)
    {
        // Who has no row, or whose organisation is gone, goes by the installation.
        await using var command = new NpgsqlCommand($"""
            select greatest(@usage, max(r.usage_days)), greatest(@journeys, max(r.journey_days)), (select (min(created_at) at time zone 'UTC')::date from budgets where period = '{BudgetPeriods.Total}') from retention r
            """, connection);
        command.Parameters.AddRange((NpgsqlParameter[])[new("usage", options.UsageDays), new("journeys", options.JourneyDays)]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var usage = today.AddDays(-reader.GetInt32(0));
        if (reader.Nullable<DateOnly>(2) is { } needed && needed < usage) usage = needed;
        return (usage, today.AddDays(-reader.GetInt32(1)));
    }

    /// <summary>Deletes what single organisations keep no longer.</summary>
    /// <returns>Rows of usage and of journeys that went.</returns>
    public async Task<(long Usage, long Journeys)> RunAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var due = await database.ReadAsync($"""
            select r.organisation_id, least(@today - r.usage_days, (select (min(b.created_at) at time zone 'UTC')::date from budgets b where b.period = '{BudgetPeriods.Total}' and (b.organisation_id = r.organisation_id or b.organisation_id = '00000000-0000-0000-0000-000000000000'))),
                @today - r.journey_days, r.usage_days is not null
            from retention r where r.usage_days is not null or r.journey_days is not null order by 1
            """, r => (Organisation: r.GetGuid(0), Usage: r.GetBoolean(3) ? r.Nullable<DateOnly>(1) : null, Journeys: r.Nullable<DateOnly>(2)), cancellationToken, new NpgsqlParameter("today", today));
        var (usage, journeys) = (0L, 0L);
        foreach (var (organisation, usageBefore, journeysBefore) in due)
        {
            if (usageBefore is { } records) usage += await DeleteAsync("usage_records", "usage_since", "and tx < (select done from usage_rollups)", organisation, records, cancellationToken);
            if (journeysBefore is { } documents) journeys += await DeleteAsync("journeys", "journeys_since", "", organisation, documents, cancellationToken);
        }
        return (usage, journeys);
    }

    private async Task<long> DeleteAsync(string table, string since, string more, Guid organisation, DateOnly before, CancellationToken cancellationToken)
    {
        var gone = 0L;
        while (true)
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var take = new NpgsqlCommand("select pg_try_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = DayPartitions.LockKey } } };
            if (await take.ExecuteScalarAsync(cancellationToken) is not true) return gone;
            // First the day from which all is there, so that nobody sums a day up anew of which a part is gone.
            await using var command = new NpgsqlCommand($"""
                with noted as (update retention set {since} = greatest({since}, @day) where organisation_id = @organisation),
                oldest as (select id, at from {table} where organisation_id = @organisation and at < @before {more} order by at limit @rows),
                corrections as (delete from price_corrections where '{table}' = 'usage_records' and organisation_id = @organisation and (at, record_id) in (select at, id from oldest))
                delete from {table} t using oldest o where t.id = o.id and t.at = o.at and t.at < @before
                """, connection);
            command.Parameters.AddRange((NpgsqlParameter[])
            [
                Sql.Id("organisation", organisation), new("day", NpgsqlDbType.Date) { Value = before }, Sql.Time("before", new DateTimeOffset(before, TimeOnly.MinValue, TimeSpan.Zero)), Sql.Number("rows", BatchRows),
            ]);
            var rows = await command.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            gone += rows;
            if (rows < BatchRows) return gone;
        }
    }
}
