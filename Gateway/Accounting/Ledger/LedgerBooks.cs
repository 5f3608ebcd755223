using System.Runtime.InteropServices;
using AspireGateway.Gateway.State;
using AspireGateway.Gateway.State.Spending;
using AspireGateway.Shared.Domain.Limits;
using AspireGateway.Shared.Ledger;
using Npgsql;
using NpgsqlTypes;

namespace AspireGateway.Gateway.Accounting.Ledger;

/// <summary>The ledger's view of Postgres: what the usage records say was spent, which gateways live, and what became of swept holds.</summary>
internal sealed class LedgerBooks(NpgsqlDataSource source, TimeProvider time)
{
    /// <summary>A gateway that was not seen for so long is taken for dead.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    // A sum over a day's partitions of a large organisation; the gateway goes on meanwhile, only this organisation's reservations wait.
    private const int SumSeconds = 60;

    // A gateway that was away for so long may still bring records of before.
    private static readonly TimeSpan LateFor = TimeSpan.FromDays(8);

    /// <summary>
    /// What was spent against the budgets of an organisation in their current windows before the ledger counted it: before the epoch, or, for younger
    /// budgets, before they took effect.
    /// </summary>
    /// <param name="configuration">The budgets, and the calendar of their windows.</param>
    /// <param name="organisation">Whose; all zeros = the installation's.</param>
    /// <param name="epochAt">When the ledger was opened.</param>
    /// <param name="without">Records of requests that hold (or held) something in the ledger although they are older: it counts them when they are settled.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Pairs of a budget's field and nano-USD.</returns>
    public async Task<List<(string Field, long NanoUsd)>> SpentBeforeAsync(
        ConfigurationSnapshot configuration, Guid organisation, DateTimeOffset epochAt, Guid[] without, CancellationToken cancellationToken)
    {
        var sums = new List<(string, long)>();
        NpgsqlConnection? connection = null;
        try
        {
            // One query for all budgets that look at the same column and the same time: a team of ten thousand keys has ten thousand budgets.
            foreach (var alike in configuration.Spending.BudgetsOf(organisation).GroupBy(budget => SpanOf(configuration, budget, epochAt)))
            {
                var span = alike.Key;
                if (span.Until <= span.Start || time.GetUtcNow() > span.Until + LateFor) continue;
                connection ??= await source.OpenConnectionAsync(cancellationToken);
                var spent = await SpentAsync(connection, organisation, span, [.. alike], span.IsYounger ? [] : without, cancellationToken);
                foreach (var budget in alike) AddSums(sums, budget, span, spent);
            }
        }
        finally
        {
            if (connection is not null) await connection.DisposeAsync();
        }
        return sums;
    }

    /// <summary>Says that this gateway lives, and which others do.</summary>
    public async Task<HashSet<Guid>> BeatAsync(Guid instance, DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(
                    """
                    insert into gateway_instances (id, name, started_at, seen_at) values ($1, $2, $3, now())
                    on conflict (id) do update set seen_at = now()
                    """)
                {
                    Parameters =
                    {
                        new NpgsqlParameter<Guid> { TypedValue = instance }, new NpgsqlParameter<string> { TypedValue = GatewayInstance.Name },
                        new NpgsqlParameter<DateTimeOffset> { TypedValue = startedAt.ToUniversalTime() },
                    },
                },
                new NpgsqlBatchCommand("select id from gateway_instances where seen_at > now() - $1")
                {
                    Parameters = { new NpgsqlParameter<TimeSpan> { TypedValue = Lease, NpgsqlDbType = NpgsqlDbType.Interval } },
                },
            },
        };
        var alive = new HashSet<Guid>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) alive.Add(reader.GetGuid(0));
        return alive;
    }

    /// <summary>Says that this gateway ends, and forgets those that ended long ago.</summary>
    public async Task LeaveAsync(Guid instance, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("delete from gateway_instances where id = $1 or seen_at < now() - interval '1 day'");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = instance });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>What the books say of records: cost and tokens, and whether that is the estimate of a dead gateway's request; nothing for those that are not there.</summary>
    public async Task<Dictionary<Guid, (long NanoUsd, long Tokens)>> RecordsAsync(
        IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken)
    {
        var records = new Dictionary<Guid, (long, long)>(ids.Count);
        if (ids.Count == 0) return records;
        // A record's id begins with the moment of its request (UUIDv7), which finds its partition.
        var earliest = ids.Min(MomentOf);
        await using var command = source.CreateCommand(
            """
            select id, cost_nano_usd, input_tokens + cache_read_tokens + cache_write_tokens + output_tokens
            from usage_records where id = any($1) and at >= $2
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. ids] });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = earliest.AddSeconds(-1) });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) records[reader.GetGuid(0)] = (reader.GetInt64(1), reader.GetInt64(2));
        return records;
    }

    /// <summary>Writes that a budget passed a threshold; whoever is first does, the others change nothing.</summary>
    public async Task WriteEventAsync(BudgetEvent passed, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            insert into budget_events (id, organisation_id, budget_id, scope_kind, scope_id, window_start, threshold, settled_nano_usd, cap_nano_usd, at)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 where exists (select from budgets where id = $3)
            on conflict (budget_id, scope_id, window_start, threshold) do nothing
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = passed.Id });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = passed.OrganisationId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = passed.BudgetId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = passed.ScopeKind });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = passed.ScopeId });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = passed.WindowStart.ToUniversalTime() });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = passed.Threshold });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = passed.SettledNanoUsd });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = passed.CapNanoUsd });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = passed.At.ToUniversalTime() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Writes that somebody must decide on a request.</summary>
    public async Task WriteApprovalAsync(Approval approval, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            insert into approvals (id, organisation_id, team_id, key_id, record_id, model, user_id, feature, expected_nano_usd, worst_case_nano_usd,
                threshold_nano_usd, status, requested_at, once)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'pending', $12, true)
            on conflict (id) do nothing
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = approval.Id });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = approval.OrganisationId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = approval.TeamId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = approval.KeyId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = approval.RecordId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = approval.Model });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)approval.UserId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)approval.Feature ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = approval.ExpectedNanoUsd });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = approval.WorstCaseNanoUsd });
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = approval.ThresholdNanoUsd });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = approval.RequestedAt.ToUniversalTime() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>When an id was made (UUIDv7, RFC 9562: the first 48 bits are milliseconds since 1970).</summary>
    public static DateTimeOffset MomentOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        long milliseconds = 0;
        for (var i = 0; i < 6; i++) milliseconds = (milliseconds << 8) | bytes[i];
        return DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }

    private BudgetWindow WindowOf(ConfigurationSnapshot configuration, BudgetRow budget) => BudgetWindow.Of(
        budget.Period, time.GetUtcNow(), configuration.Organisations.GetValueOrDefault(budget.OrganisationId)?.Zone ?? TimeZoneInfo.Utc, budget.CreatedAt);

    private Span SpanOf(ConfigurationSnapshot configuration, BudgetRow budget, DateTimeOffset epochAt)
    {
        var isYounger = budget.EffectiveFrom > epochAt;
        return new(ColumnOf(budget.ScopeKind), WindowOf(configuration, budget).Start, isYounger ? budget.EffectiveFrom : epochAt, isYounger);
    }

    private static void AddSums(List<(string, long)> sums, BudgetRow budget, Span span, Dictionary<string, long> spent)
    {
        if (budget.ScopeId is null && span.Column is not null)
        {
            foreach (var (scope, sum) in spent) sums.Add((LedgerFields.OfBudget(budget.Id, LedgerFields.ScopeOf(budget.ScopeKind, scope, isDefault: true), span.Start), sum));
        }
        else if (spent.TryGetValue(budget.ScopeId is { } id && span.Column is not null ? id : "", out var sum))
        {
            sums.Add((LedgerFields.OfBudget(budget.Id, "", span.Start), sum));
        }
    }

    private static async Task<Dictionary<string, long>> SpentAsync(
        NpgsqlConnection connection, Guid organisation, Span span, BudgetRow[] budgets, Guid[] without, CancellationToken cancellationToken)
    {
        var column = span.Column;
        // The column's name is one of ours; everything else is a parameter.
        var sql = $"select {(column is null ? "''" : column + "::text")}, sum(cost_nano_usd)::bigint from usage_records where at >= $1 and at < $2 and id <> all($3) and cost_nano_usd > 0";
        await using var command = new NpgsqlCommand { Connection = connection, CommandTimeout = SumSeconds };
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = span.Start.ToUniversalTime() });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = span.Until.ToUniversalTime() });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = without });
        if (organisation != Guid.Empty)
        {
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = organisation });
            sql += " and organisation_id = $4";
        }
        if (column is not null && budgets.All(budget => budget.ScopeId is not null))
        {
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. budgets.Select(budget => budget.ScopeId!)] });
            sql += $" and {column} = any(${command.Parameters.Count}{(IsId(budgets[0].ScopeKind) ? "::uuid[]" : "")})";
        }
        if (column is not null) sql += $" and {column} is not null";
        command.CommandText = sql + " group by 1";
        var spent = new Dictionary<string, long>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) spent[reader.GetString(0)] = reader.GetInt64(1);
        return spent;
    }

    // What one query can answer for.
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Span(string? Column, DateTimeOffset Start, DateTimeOffset Until, bool IsYounger);

    private static string? ColumnOf(string kind) => kind switch
    {
        ScopeKinds.Team => "team_id",
        ScopeKinds.Key => "key_id",
        ScopeKinds.User => "user_id",
        ScopeKinds.Feature => "feature",
        ScopeKinds.Agent => "agent",
        ScopeKinds.Model => "model",
        _ => null,
    };

    private static bool IsId(string kind) => kind is ScopeKinds.Team or ScopeKinds.Key;
}
