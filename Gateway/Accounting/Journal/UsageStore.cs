using AspireGateway.Shared.Domain;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>
/// Writes batches of records into Postgres over one connection of its own, each batch in one transaction, as often as one likes: what is there already stays
/// as it is. Rows go by binary COPY straight into the tables; only when one of them is there already, by way of temporary tables.
/// </summary>
internal sealed class UsageStore : IAsyncDisposable
{
    // "Last used" is for people. Noted with every batch it cost Postgres as much as the records, for each batch holds other keys.
    private const long UseGranularityUs = 10_000_000;

    // 4 MB; beyond it all are forgotten, which costs one more note of each.
    private const int MostNoted = 100_000;

    private readonly string connectionString;
    private readonly TimeSpan timeout;
    private readonly CopyBuffer usage = new();
    private readonly CopyBuffer journeys = new();
    private readonly Dictionary<Guid, long> lastUsed = [];
    private readonly Dictionary<Guid, long> notedUse = [];
    private NpgsqlConnection? connection;

    /// <summary>A store behind a connection string; connects when it is first used.</summary>
    public UsageStore(string connectionString, TimeSpan timeout)
    {
        this.connectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "gateway-journal",
            Pooling = false,
            Timeout = (int)Math.Clamp(timeout.TotalSeconds, 1, 5),
            CommandTimeout = (int)Math.Max(1, timeout.TotalSeconds),
            // Whole batches go out in few system calls.
            WriteBufferSize = 64 * 1024,
            MaxAutoPrepare = 8,
            AutoPrepareMinUsages = 2,
        }.ConnectionString;
        this.timeout = timeout;
    }

    /// <summary>Writes the records from index <paramref name="from"/> up to <paramref name="to"/>.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="from">First index.</param>
    /// <param name="to">Index behind the last.</param>
    /// <param name="form">Straight, merging, or without what Postgres may refuse to parse.</param>
    /// <param name="cancellationToken">Ends the attempt; nothing is written then.</param>
    /// <exception cref="NpgsqlException">Nothing was written.</exception>
    public async Task WriteAsync(JournalBatch batch, int from, int to, StoreForm form, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(timeout);
        try
        {
            var hasJourneys = Encode(batch, from, to, withJson: form != StoreForm.WithoutJson);
            var open = await ConnectionAsync(limit.Token);
            await using var transaction = await open.BeginTransactionAsync(limit.Token);
            if (form == StoreForm.Straight)
            {
                await CopyAsync(open, $"copy usage_records ({UsageRows.UsageColumns}) from stdin (format binary)", usage, limit.Token);
                if (hasJourneys) await CopyAsync(open, $"copy journeys ({UsageRows.JourneyColumns}) from stdin (format binary)", journeys, limit.Token);
            }
            else
            {
                await MergeAsync(open, "usage_records", UsageRows.UsageColumns, usage, limit.Token);
                if (hasJourneys) await MergeAsync(open, "journeys", UsageRows.JourneyColumns, journeys, limit.Token);
            }
            await NoteUseAsync(open, limit.Token);
            await transaction.CommitAsync(limit.Token);
            RememberUse();
        }
        catch (Exception e)
        {
            // Of a connection on which something failed nothing is known; a refusal of the data leaves it in order.
            if (e is not PostgresException || connection?.FullState != System.Data.ConnectionState.Open) await DisconnectAsync();
            if (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
                throw new NpgsqlException($"Postgres did not finish a batch within {timeout.TotalSeconds:0.#} s.", e);
            throw;
        }
    }

    /// <summary>Makes the partitions of the days that the records fall on.</summary>
    /// <exception cref="NpgsqlException">Postgres refused.</exception>
    public async Task EnsurePartitionsAsync(JournalBatch batch, int from, int to, CancellationToken cancellationToken)
    {
        var days = new HashSet<DateOnly>();
        for (var i = from; i < to; i++)
            days.Add(DateOnly.FromDateTime(DateTime.UnixEpoch.AddTicks(RecordEncoder.AtUsOf(JournalEntry.RecordOf(batch[i])) * TimeSpan.TicksPerMicrosecond)));
        var open = await ConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select ensure_day_partitions($1)", open);
        command.Parameters.Add(new NpgsqlParameter<DateOnly[]> { TypedValue = [.. days.Order()] });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Lets the connection go.</summary>
    public async ValueTask DisposeAsync() => await DisconnectAsync();

    private bool Encode(JournalBatch batch, int from, int to, bool withJson)
    {
        usage.Begin();
        journeys.Begin();
        lastUsed.Clear();
        var hasJourneys = false;
        for (var i = from; i < to; i++)
        {
            var record = JournalEntry.RecordOf(batch[i]);
            UsageRows.AppendUsage(usage, record, withJson);
            var journey = JournalEntry.JourneyOf(batch[i]);
            if (!journey.IsEmpty && withJson)
            {
                UsageRows.AppendJourney(journeys, record, journey);
                hasJourneys = true;
            }
            var key = RecordEncoder.KeyIdOf(record);
            if (key == Guid.Empty) continue;
            var at = RecordEncoder.AtUsOf(record);
            if (notedUse.TryGetValue(key, out var noted) && at < noted + UseGranularityUs) continue;
            if (!lastUsed.TryGetValue(key, out var before) || before < at) lastUsed[key] = at;
        }
        usage.End();
        journeys.End();
        return hasJourneys;
    }

    private async Task NoteUseAsync(NpgsqlConnection open, CancellationToken cancellationToken)
    {
        if (lastUsed.Count == 0) return;
        // In the order of the keys, so that two gateways never wait for each other.
        var keys = lastUsed.Keys.ToArray();
        Array.Sort(keys);
        var times = Array.ConvertAll(keys, k => DateTime.UnixEpoch.AddTicks(lastUsed[k] * TimeSpan.TicksPerMicrosecond));
        await using var command = new NpgsqlCommand(
            """
            insert into key_activity (key_id, last_used_at) select * from unnest($1, $2)
            on conflict (key_id) do update set last_used_at = excluded.last_used_at where key_activity.last_used_at < excluded.last_used_at
            """, open);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = keys });
        command.Parameters.Add(new NpgsqlParameter<DateTime[]> { TypedValue = times, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private void RememberUse()
    {
        if (notedUse.Count + lastUsed.Count > MostNoted) notedUse.Clear();
        foreach (var (key, at) in lastUsed) notedUse[key] = at;
    }

    private static async Task MergeAsync(NpgsqlConnection open, string table, string columns, CopyBuffer rows, CancellationToken cancellationToken)
    {
        var temporary = "journal_" + table;
        await ExecuteAsync(open, $"create temporary table if not exists {temporary} (like {table} including defaults) on commit delete rows", cancellationToken);
        await CopyAsync(open, $"copy {temporary} ({columns}) from stdin (format binary)", rows, cancellationToken);
        // A gateway that was taken for dead may yet say what became of its request: the truth replaces the estimate, never the other way round.
        var onConflict = table != "usage_records" ? "do nothing"
            : $"do update set ({columns}) = row({string.Join(", ", columns.Split(',').Select(column => "excluded." + column.Trim()))}) "
                + $"where usage_records.status = '{UsageStatuses.Orphaned}' and excluded.status <> '{UsageStatuses.Orphaned}'";
        // The same record may stand in a batch twice; an upsert takes each row once only.
        await ExecuteAsync(
            open,
            $"insert into {table} ({columns}) select distinct on (id, at) {columns} from {temporary} order by id, at{(table == "usage_records" ? $", status = '{UsageStatuses.Orphaned}'" : "")} "
                + $"on conflict (id, at) {onConflict}", cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection open, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, open);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task CopyAsync(NpgsqlConnection open, string sql, CopyBuffer rows, CancellationToken cancellationToken)
    {
        // Disposing ends the copy; what Postgres has against the rows comes as its exception.
        await using var copy = await open.BeginRawBinaryCopyAsync(sql, cancellationToken);
        await copy.WriteAsync(rows.Written, cancellationToken);
    }

    private async Task<NpgsqlConnection> ConnectionAsync(CancellationToken cancellationToken)
    {
        if (connection is not null) return connection;
        var next = new NpgsqlConnection(connectionString);
        try
        {
            await next.OpenAsync(cancellationToken);
            return connection = next;
        }
        catch
        {
            await next.DisposeAsync();
            throw;
        }
    }

    private async ValueTask DisconnectAsync()
    {
        if (connection is null) return;
        var last = connection;
        connection = null;
        await last.DisposeAsync();
    }
}

/// <summary>How a batch is written.</summary>
internal enum StoreForm
{
    /// <summary>Copied into the tables; fails when a record is there already.</summary>
    Straight,

    /// <summary>Copied aside, then inserted where it is missing.</summary>
    Merging,

    /// <summary>Merging, without tags, units and journeys.</summary>
    WithoutJson,
}
