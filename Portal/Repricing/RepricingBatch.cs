using AspireGateway.Portal.Configuration;
using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Portal.Repricing;

/// <summary>
/// Prices the next records of a job anew, by one transaction: records, what they cost before, and how far the job is change together or not at all. A batch that is killed was never there, and
/// the job's locked row keeps other portals away as long as the one that works on it lives.
/// </summary>
internal sealed class RepricingBatch(NpgsqlDataSource database, EndRepricing end, IOptions<RepricingOptions> options)
{
    private const int StatementSeconds = 120;

    /// <summary>Works on the oldest job that nobody works on.</summary>
    /// <returns>Whether there may be more to do at once.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        if (await CorrectAsync(cancellationToken) is not { } done) return false;
        if (done.IsLast) await end.FinishAsync(done.Job, cancellationToken);
        return true;
    }

    private async Task<(RepricingJob Job, bool IsLast)?> CorrectAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (await NextAsync(connection, cancellationToken) is not { } job) return null;
        // A deployment that was deleted took its prices along: there is nothing to price by.
        if (await RepricingRecords.OfAsync(connection, job.OrganisationId, job.PriceVersionId, cancellationToken) is not { } records) return (job, true);

        var most = options.Value.BatchRecords;
        var read = new List<RepricedRecord>(most);
        await foreach (var record in records.ReadAsync(connection, job.From, job.To, job.Last, most, isLocked: true, cancellationToken)) read.Add(record);
        var corrected = read.FindAll(r => r.NewNanoUsd is not null);
        if (corrected.Count > 0) await WriteAsync(connection, job, corrected, cancellationToken);
        if (read.Count > 0) await NoteAsync(connection, job, read, corrected, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return (job, read.Count < most);
    }

    private static async Task<RepricingJob?> NextAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select {RepricingJob.Columns} from repricing_jobs where status = 'running' order by id limit 1 for update skip locked", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? RepricingJob.Of(reader) : null;
    }

    private static async Task WriteAsync(NpgsqlConnection connection, RepricingJob job, List<RepricedRecord> corrected, CancellationToken cancellationToken)
    {
        // The trigger on the records keeps what they were for the roll-ups, which take in the difference.
        await using var command = new NpgsqlCommand("""
            with n as (select * from unnest(@ids, @ats, @olds, @news) as n (id, at, old_nano_usd, new_nano_usd)),
            kept as (
                insert into price_corrections (job_id, record_id, at, organisation_id, old_price_version_id, old_nano_usd, new_nano_usd)
                select @job, u.id, u.at, u.organisation_id, u.price_version_id, n.old_nano_usd, n.new_nano_usd
                from n join usage_records u on u.id = n.id and u.at = n.at where u.at between @first and @last
            )
            update usage_records u set cost_nano_usd = n.new_nano_usd, price_version_id = @version
            from n where u.id = n.id and u.at = n.at and u.at between @first and @last
            """, connection) { CommandTimeout = StatementSeconds };
        command.Parameters.AddRange((NpgsqlParameter[])
        [
            Sql.Id("job", job.Id), Sql.Id("version", job.PriceVersionId), Sql.Time("first", corrected[0].At), Sql.Time("last", corrected[^1].At), Sql.Ids("ids", corrected.ConvertAll(r => r.Id)),
            new("ats", NpgsqlDbType.Array | NpgsqlDbType.TimestampTz) { Value = corrected.ConvertAll(r => r.At).ToArray() }, Numbers("olds", corrected.ConvertAll(r => r.OldNanoUsd)),
            Numbers("news", corrected.ConvertAll(r => r.NewNanoUsd!.Value)),
        ]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task NoteAsync(NpgsqlConnection connection, RepricingJob job, List<RepricedRecord> read, List<RepricedRecord> corrected, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("""
            update repricing_jobs set looked_at = looked_at + @read, corrected = corrected + @corrected, left_alone = left_alone + @read - @corrected, old_nano_usd = old_nano_usd + @old,
                new_nano_usd = new_nano_usd + @new, total = greatest(total, looked_at + @read), last_at = @last_at, last_id = @last_id
            where id = @id
            """, connection);
        command.Parameters.AddRange((NpgsqlParameter[])
        [
            Sql.Id("id", job.Id), Sql.Number("read", read.Count), Sql.Number("corrected", corrected.Count), Sql.Number("old", corrected.Sum(r => r.OldNanoUsd)),
            Sql.Number("new", corrected.Sum(r => r.NewNanoUsd!.Value)), Sql.Time("last_at", read[^1].At), Sql.Id("last_id", read[^1].Id),
        ]);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter Numbers(string name, List<long> values) => new(name, NpgsqlDbType.Array | NpgsqlDbType.Bigint) { Value = values.ToArray() };
}
