using Npgsql;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>Brings one batch into Postgres whatever is wrong with single records: missing partitions are made, records that Postgres refuses are found by halving.</summary>
internal sealed class BatchShipment(UsageStore store, RejectedRecords rejected)
{
    /// <summary>
    /// Returns when every record of the batch is in Postgres or set aside. What is not the records' fault comes out as an exception; the batch may then be
    /// shipped again as a whole.
    /// </summary>
    public async Task ShipAsync(JournalBatch batch, CancellationToken cancellationToken) =>
        await ShipAsync(batch, 0, batch.Count, StoreForm.Straight, cancellationToken);

    private async Task ShipAsync(JournalBatch batch, int from, int to, StoreForm form, CancellationToken cancellationToken)
    {
        var fault = await TryAsync(batch, from, to, form, cancellationToken);
        if (fault is { SqlState: PostgresErrorCodes.CheckViolation, ConstraintName: null })
        {
            // The same code says that a day has no partition yet; a check of the table would be named.
            await store.EnsurePartitionsAsync(batch, from, to, cancellationToken);
            fault = await TryAsync(batch, from, to, form, cancellationToken);
        }
        if (fault is { SqlState: PostgresErrorCodes.UniqueViolation } && form == StoreForm.Straight)
            fault = await TryAsync(batch, from, to, form = StoreForm.Merging, cancellationToken);
        if (fault is null) return;
        if (!IsAboutData(fault)) throw fault;

        if (to - from > 1)
        {
            var middle = from + (to - from) / 2;
            await ShipAsync(batch, from, middle, form, cancellationToken);
            await ShipAsync(batch, middle, to, form, cancellationToken);
            return;
        }
        // The record is money, its journey and tags are not: better without them than not at all.
        var withoutJson = await TryAsync(batch, from, to, StoreForm.WithoutJson, cancellationToken);
        if (withoutJson is not null && !IsAboutData(withoutJson)) throw withoutJson;
        await rejected.SetAsideAsync(batch[from].ToArray(), fault, isShipped: withoutJson is null, cancellationToken);
    }

    private async Task<PostgresException?> TryAsync(JournalBatch batch, int from, int to, StoreForm form, CancellationToken cancellationToken)
    {
        try
        {
            await store.WriteAsync(batch, from, to, form, cancellationToken);
            return null;
        }
        catch (PostgresException e)
        {
            return e;
        }
    }

    // Classes 22 (data exception) and 23 (integrity), and a value too large for an index: PostgreSQL documentation, appendix A.
    private static bool IsAboutData(PostgresException e) =>
        e.SqlState.StartsWith("22", StringComparison.Ordinal) || e.SqlState.StartsWith("23", StringComparison.Ordinal)
        || e.SqlState == PostgresErrorCodes.ProgramLimitExceeded;
}
