using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Anomalies;
using AspireGateway.Shared.Domain.Limits;
using Npgsql;

namespace AspireGateway.Gateway.State.Spending;

/// <summary>Reads limits, budgets, tiers, stops, throttles and approvals from Postgres, all tables in one round trip.</summary>
internal static class SpendingReader
{
    private const string Limits =
        "select id, organisation_id, scope_kind, scope_id, unit, amount, period, burst, on_limit, queue_ms, downgrade_model from limits";

    private const string Budgets =
        "select id, organisation_id, scope_kind, scope_id, period, cap_nano_usd, on_exceeded, downgrade_model, thresholds, created_at from budgets";

    private const string Raises = "select id, organisation_id, budget_id, scope_id, amount_nano_usd, until from budget_raises where until > now()";
    private const string Tiers = "select id, organisation_id, name, requests_per_minute, tokens_per_minute, concurrency from tiers";
    private const string Assignments = "select id, organisation_id, scope_kind, scope_id, tier_id from tier_assignments";
    private const string Stops = "select id, organisation_id, scope_kind, scope_id, reason from kill_switches";

    private const string Brakes =
        "select id, organisation_id, key_id::text, kind, requests_per_minute::bigint, reason, until from key_brakes where ended_at is null and (until is null or until > now())";

    private const string Approvals =
        "select id, organisation_id, key_id, model, once, ceiling_nano_usd, valid_until from approvals "
        + $"where status = '{ApprovalStatuses.Granted}' and ceiling_nano_usd is not null and valid_until > now()";

    /// <summary>Every row.</summary>
    public static async Task<SpendingIndex> ReadAllAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var query in (ReadOnlySpan<string>)[Limits, Budgets, Raises, Tiers, Assignments, Stops, Brakes, Approvals])
            batch.BatchCommands.Add(new NpgsqlBatchCommand(query));
        return SpendingIndex.Of(await ReadAsync(batch, cancellationToken));
    }

    /// <summary>The rows behind changed things; null for those that are gone. A thing's id may be a row's own, or its budget's for a raise.</summary>
    /// <param name="connection">Where to read.</param>
    /// <param name="known">What is known: of a budget that changed, its known raises are read again too.</param>
    /// <param name="ids">Ids of changed limits, budgets, raises, tiers, assignments, stops, throttles, approvals.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Dictionary<Guid, SpendingRow?>> ReadAsync(
        NpgsqlConnection connection, SpendingIndex known, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        var rows = ids.ToDictionary(id => id, _ => (SpendingRow?)null);
        if (rows.Count == 0) return rows;
        foreach (var id in ids)
            foreach (var raise in known.RaisesOf(id)) rows.TryAdd(raise, null);

        Guid[] wanted = [.. rows.Keys];
        await using var batch = new NpgsqlBatch(connection);
        Add(Limits + " where id = any($1)");
        Add(Budgets + " where id = any($1)");
        Add(Raises + " and (id = any($1) or budget_id = any($1))");
        Add(Tiers + " where id = any($1)");
        Add(Assignments + " where id = any($1)");
        Add(Stops + " where id = any($1)");
        Add(Brakes + " and id = any($1)");
        Add(Approvals + " and id = any($1)");
        foreach (var row in await ReadAsync(batch, cancellationToken)) rows[row.Id] = row;
        return rows;

        void Add(string query) => batch.BatchCommands.Add(new NpgsqlBatchCommand(query) { Parameters = { new NpgsqlParameter<Guid[]> { TypedValue = wanted } } });
    }

    /// <summary>Whether a kind of configuration is read here.</summary>
    public static bool Reads(string kind) =>
        kind is ConfigurationKinds.Limit or ConfigurationKinds.Budget or ConfigurationKinds.Tier or ConfigurationKinds.KillSwitch or ConfigurationKinds.KeyBrake or ConfigurationKinds.Approval;

    private static async Task<List<SpendingRow>> ReadAsync(NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        var rows = new List<SpendingRow>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await RowsAsync(r => new LimitRow(
            r.GetGuid(0), r.GetGuid(1), r.GetString(2), Text(r, 3), r.GetString(4), r.GetInt64(5), Text(r, 6), Number(r, 7), r.GetString(8),
            r.IsDBNull(9) ? null : r.GetInt32(9), Text(r, 10)));
        await NextAsync(r => new BudgetRow(
            r.GetGuid(0), r.GetGuid(1), r.GetString(2), Text(r, 3), r.GetString(4), r.GetInt64(5), r.GetString(6), Text(r, 7), r.GetFieldValue<int[]>(8),
            r.GetFieldValue<DateTimeOffset>(9)));
        await NextAsync(r => new RaiseRow(r.GetGuid(0), r.GetGuid(1), r.GetGuid(2), Text(r, 3), r.GetInt64(4), r.GetFieldValue<DateTimeOffset>(5)));
        await NextAsync(r => new TierRow(r.GetGuid(0), r.GetGuid(1), r.GetString(2), Number(r, 3), Number(r, 4), Number(r, 5)));
        await NextAsync(r => new TierAssignmentRow(r.GetGuid(0), r.GetGuid(1), r.GetString(2), Text(r, 3), r.GetGuid(4)));
        await NextAsync(r => new StopRow(r.GetGuid(0), r.GetGuid(1), r.GetString(2), Text(r, 3), r.GetString(4)));
        await NextAsync(BrakeOf);
        await NextAsync(r => new ApprovalRow(
            r.GetGuid(0), r.GetGuid(1), r.GetGuid(2), r.GetString(3), r.GetBoolean(4), r.GetInt64(5), r.GetFieldValue<DateTimeOffset>(6)));
        return rows;

        async Task NextAsync(Func<NpgsqlDataReader, SpendingRow> read)
        {
            await reader.NextResultAsync(cancellationToken);
            await RowsAsync(read);
        }

        async Task RowsAsync(Func<NpgsqlDataReader, SpendingRow> read)
        {
            while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        }
    }

    private static SpendingRow BrakeOf(NpgsqlDataReader r)
    {
        DateTimeOffset? until = r.IsDBNull(6) ? null : r.GetFieldValue<DateTimeOffset>(6);
        return r.GetString(3) == AnomalyResponses.Stop
            ? new StopRow(r.GetGuid(0), r.GetGuid(1), ScopeKinds.Key, r.GetString(2), r.GetString(5), until, IsAnomaly: true)
            : new ThrottleRow(r.GetGuid(0), r.GetGuid(1), r.GetString(2), r.GetInt64(4), until);
    }

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private static long? Number(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
