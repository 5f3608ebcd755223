using System.Globalization;
using AspireGateway.Shared.Ledger;
using Npgsql;
using NpgsqlTypes;
using StackExchange.Redis;

/// <summary>Whether the day left everything as it should be.</summary>
sealed class Checks(Settings settings, Calls calls, Watch watch, IDatabase redis, NpgsqlDataSource books)
{
    public bool HasFailed { get; private set; }

    void Say(bool holds, string what)
    {
        HasFailed |= !holds;
        Console.WriteLine($"{(holds ? "PASS" : "FAIL")}  {what}");
    }

    /// <summary>Waits until the journals are copied, nothing is held and the sums are complete; says how long that took.</summary>
    public async Task DrainAsync()
    {
        var from = TimeProvider.System.GetTimestamp();
        string? waiting = null;
        for (var turn = 0; turn < 600; turn++)
        {
            waiting = await WaitingAsync();
            if (waiting is null) break;
            await Task.Delay(250);
        }
        Say(waiting is null, string.Create(CultureInfo.InvariantCulture, $"journals copied, nothing held, sums complete: {waiting ?? "all"} after {TimeProvider.System.GetElapsedTime(from).TotalSeconds:0.0} s (at most 150)"));
    }

    async Task<string?> WaitingAsync()
    {
        for (var i = 0; i < settings.Gateways.Length; i++)
            if ((await watch.MetricsAsync(i)).Of("llm_journal_depth") is > 0 and var depth) return $"{depth} records in the journal of replica {i + 1}";
        foreach (var key in Keys("h"))
            if (await redis.HashLengthAsync(key) is > 0 and var holds) return $"{holds} holds in {key}";
        var (recorded, rolled) = (await NumberAsync("select count(*) from usage_records"), await NumberAsync("select records from usage_rollups"));
        // Corrections are counted too.
        return rolled < recorded ? $"{recorded - rolled} records not summed up" : null;
    }

    public async Task MemoryAsync()
    {
        for (var i = 0; i < settings.Gateways.Length; i++)
        {
            Flat(i, "RSS, MiB", l => l.RssMiB, 1.10, 0);
            Flat(i, "managed heap, MiB", l => l.HeapMiB, 1.10, 0);
            Flat(i, "handles", l => l.Handles, 1.10, 0);
            Flat(i, "threads", l => l.Threads, 1.10, 0);
            Say(watch.Looks.Where(l => l.Gateway == i).Max(l => l.Journal) < 50_000, $"replica {i + 1}, deepest journal of the day: {watch.Looks.Where(l => l.Gateway == i).Max(l => l.Journal)} records (below 50,000)");
            var rejected = (await watch.MetricsAsync(i)).Of("llm_journal_rejected_total");
            var files = Directory.GetFiles(settings.DataFolders[i], "*reject*", SearchOption.AllDirectories).Count(f => new FileInfo(f).Length > 0);
            Say(rejected == 0 && files == 0, $"replica {i + 1}, records that Postgres refused: {rejected}, files of such: {files} (0)");
        }
    }

    void Flat(int gateway, string what, Func<Watch.Look, double> of, double times, double plus)
    {
        var (before, after) = (watch.Median(gateway, 4, 8, of), watch.Median(gateway, 20, 24, of));
        Say(after <= before * times + plus, string.Create(CultureInfo.InvariantCulture, $"replica {gateway + 1}, {what}: median of hours 4 to 7 {before:0.0}, of hours 20 to 23 {after:0.0}, {(after / before - 1) * 100:+0.0;-0.0} % (at most +{(times - 1) * 100:0} %)"));
    }

    /// <summary>Every answer has one record that says the same, and no record is without a request.</summary>
    public async Task RecordsAsync()
    {
        await ExecuteAsync("create table day_calls (number int primary key, id text, status int, ended int, cost bigint)");
        await using (var connection = await books.OpenConnectionAsync())
        {
            await using var rows = await connection.BeginBinaryImportAsync("copy day_calls from stdin (format binary)");
            for (var i = 0; i < calls.Count; i++)
            {
                await rows.StartRowAsync();
                await rows.WriteAsync(i, NpgsqlDbType.Integer);
                await rows.WriteAsync(Calls.IdOf(i), NpgsqlDbType.Text);
                await rows.WriteAsync((int)calls.Status[i], NpgsqlDbType.Integer);
                await rows.WriteAsync((int)calls.Ended[i], NpgsqlDbType.Integer);
                await rows.WriteAsync(calls.CostNanoUsd[i], NpgsqlDbType.Bigint);
            }
            await rows.CompleteAsync();
        }
        await ExecuteAsync("create table day_records as select request_id, status, status_code, error, cost_nano_usd from usage_records; create index on day_records (request_id); analyze day_records; analyze day_calls");

        Console.WriteLine($"      requests: {calls.Count:#,##0}; answers by status: {await TextAsync("select string_agg(status || ': ' || n, ', ' order by status) from (select status, count(*) n from day_calls where status > 0 group by status) s")}");
        Console.WriteLine($"      records by status: {await TextAsync("select string_agg(status || ' ' || status_code || coalesce(' ' || error, '') || ': ' || n, ', ' order by status, status_code, error) from (select status, status_code, error, count(*) n from day_records group by 1, 2, 3) s")}");
        var early = await TextAsync($"select count(*) || ' callers left before anything came, of whom ' || count(r.request_id) || ' have a record (one that left before its request was read has none)' from day_calls c left join day_records r on r.request_id = c.id where c.status = {Calls.LeftEarly}");
        Console.WriteLine($"      {early}");
        await ZeroAsync("connections that failed", $"select count(*) from day_calls where status = {Calls.Failed}");
        await ZeroAsync("answers that ended before they were whole, without the caller leaving", "select count(*) from day_calls where ended = 2");
        await ZeroAsync("answers (all but 401, which nobody is booked for) without a record", "select count(*) from day_calls c where status > 0 and status <> 401 and not exists (select from day_records r where r.request_id = c.id)");
        await ZeroAsync("records of 401", "select count(*) from day_calls c join day_records r on r.request_id = c.id where c.status = 401");
        await ZeroAsync("requests with two records", "select count(*) from (select request_id from day_records group by 1 having count(*) > 1) s");
        await ZeroAsync("records without a request", "select count(*) from day_records r where not exists (select from day_calls c where c.id = r.request_id)");
        await ZeroAsync("records whose status is not the answer's", "select count(*) from day_calls c join day_records r on r.request_id = c.id where c.status > 0 and c.ended = 0 and r.status_code <> c.status");
        await ZeroAsync("answers whose header says another cost than the record", "select count(*) from day_calls c join day_records r on r.request_id = c.id where c.cost >= 0 and c.ended = 0 and c.cost <> r.cost_nano_usd");
        var told = await TextAsync("select count(*) || ' answers said what they cost, ' || sum(cost) || ' nano-USD together' from day_calls where cost >= 0");
        Console.WriteLine($"      {told}");
        var answered = await NumberAsync("select count(*) from day_calls where status > 0 and status <> 401");
        var early2 = await NumberAsync($"select count(*) from day_calls c join day_records r on r.request_id = c.id where c.status = {Calls.LeftEarly}");
        var records = await NumberAsync("select count(*) from day_records");
        Say(records == answered + early2, $"records: {records:#,##0}; answered requests that are booked {answered:#,##0} and left ones that are {early2:#,##0}: the same sum");
    }

    /// <summary>The replicas' own counters, together, say what the records say.</summary>
    public async Task CountersAsync()
    {
        var replicas = new List<Metrics>();
        for (var i = 0; i < settings.Gateways.Length; i++) replicas.Add(await watch.MetricsAsync(i));
        // team="" is a caller without a valid key.
        await SameAsync("llm_requests_total of both replicas", (long)replicas.Sum(m => m.Of("llm_requests_total", without: "team=\"\"")), "select count(*) from usage_records");
        await SameAsync("llm_tokens_total, input", (long)replicas.Sum(m => m.Of("llm_tokens_total", "direction=\"input\"")), "select sum(input_tokens + cache_read_tokens + cache_write_tokens)::bigint from usage_records");
        await SameAsync("llm_tokens_total, output", (long)replicas.Sum(m => m.Of("llm_tokens_total", "direction=\"output\"")), "select sum(output_tokens)::bigint from usage_records");
        await SameAsync("llm_cost_usd_total in nano-USD", (long)Math.Round(replicas.Sum(m => m.Of("llm_cost_usd_total")) * 1e9), "select sum(cost_nano_usd)::bigint from usage_records");
    }

    /// <summary>What is settled in Redis is what the records say, for every scope of every budget.</summary>
    public async Task LedgerAsync()
    {
        var budgets = new Dictionary<Guid, (string Kind, string? Id)>();
        await using (var command = books.CreateCommand("select id, scope_kind, scope_id from budgets"))
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync()) budgets[reader.GetGuid(0)] = (reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2));
        var (scopes, wrong, held, settled) = (0, new List<string>(), 0L, new Dictionary<Guid, long>());
        var sums = new Dictionary<string, Dictionary<string, long>>();
        foreach (var kind in (string[])["team", "user", "key", "feature", "agent", "model"])
        {
            var column = kind is "team" or "key" or "user" ? kind + "_id" : kind;
            sums[kind] = [];
            await using var command = books.CreateCommand($"select {column}::text, sum(cost_nano_usd)::bigint from usage_records where {column} is not null group by 1");
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) sums[kind][reader.GetString(0)] = reader.GetInt64(1);
        }
        var all = await NumberAsync("select sum(cost_nano_usd)::bigint from usage_records");
        foreach (var key in Keys("m"))
        {
            foreach (var entry in await redis.HashGetAllAsync(key))
            {
                if (!LedgerFields.TryReadBudget((byte[])entry.Name!, out var budget, out _, out var scope)) continue;
                var (kind, id) = budgets[budget];
                var (spent, stillHeld) = LedgerHold.ReadBudget((byte[])entry.Value!);
                var name = id ?? (scope.Length > 0 ? scope[(scope.IndexOf('=') + 1)..] : null);
                if (kind is "team" or "key" && Guid.TryParse(name, out var guid)) name = guid.ToString();
                var recorded = kind is "global" or "organisation" ? all : sums[kind].GetValueOrDefault(name!);
                scopes++;
                held += stillHeld;
                settled[budget] = settled.GetValueOrDefault(budget) + spent;
                if (spent != recorded) wrong.Add($"{kind} {name}: settled {spent}, recorded {recorded}");
            }
        }
        Say(wrong.Count == 0, $"settled in Redis is the sum of the records, to the nano-USD, in each of {scopes} scopes; {wrong.Count} differ{(wrong.Count > 0 ? ": " + string.Join("; ", wrong.Take(5)) : "")}");
        // Each scope that spent anything is among them: sums over a kind are whole.
        var own = budgets.Where(b => b.Value is ("team", not null)).Select(b => b.Key).ToHashSet();
        foreach (var (id, (kind, scope)) in budgets)
        {
            if (own.Contains(id)) continue;
            var expected = kind is "global" or "organisation" ? all : sums[kind].Values.Sum() - (kind == "team" ? budgets.Where(b => own.Contains(b.Key)).Sum(b => sums["team"].GetValueOrDefault(b.Value.Id!)) : 0);
            Say(settled.GetValueOrDefault(id) == expected, $"budget of {kind}: settled {settled.GetValueOrDefault(id):#,##0} nano-USD, recorded {expected:#,##0}");
        }
        Say(held == 0, $"held: {held} (0)");
        var running = 0.0;
        foreach (var key in Keys("m"))
            foreach (var entry in await redis.HashGetAllAsync(key))
                if (((string)entry.Name!).StartsWith("c:", StringComparison.Ordinal)) running += Math.Abs(BitConverter.ToDouble((byte[])entry.Value!));
        Say(running == 0, $"requests that limits of concurrency believe to run: {running} (0)");
        foreach (var part in (string[])["d", "s"])
        {
            var left = Keys(part).Sum(k => redis.HashLength(k));
            Say(left == 0, $"{(part == "d" ? "details of holds" : "ended holds of dead gateways")} left in Redis: {left} (0)");
        }
    }

    /// <summary>The sums of days say what the records say, by each property.</summary>
    public async Task RollUpsAsync()
    {
        var records = await TextAsync("select count(*) || ' ' || sum(cost_nano_usd) || ' ' || sum(input_tokens) || ' ' || sum(output_tokens) from usage_records");
        var wrong = new List<string>();
        var facets = 0;
        // Facet 13 are tags, of which a request may have several.
        await using var command = books.CreateCommand("select facet, sum(requests) || ' ' || sum(cost_nano_usd) || ' ' || sum(input_tokens) || ' ' || sum(output_tokens) from usage_days where team_id = '00000000-0000-0000-0000-000000000000' and facet between 0 and 12 group by facet order by facet");
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync())
            {
                facets++;
                if (reader.GetString(1) != records) wrong.Add($"facet {reader.GetInt16(0)}: {reader.GetString(1)}");
            }
        Say(wrong.Count == 0 && facets > 0, $"sums of days by {facets} properties: requests, nano-USD, tokens in and out {records} in each; {wrong.Count} differ {string.Join("; ", wrong)}");
        var hours = await TextAsync("select sum(requests) || ' ' || sum(cost_nano_usd) || ' ' || sum(input_tokens) || ' ' || sum(output_tokens) from usage_hours where facet = 0 and team_id = '00000000-0000-0000-0000-000000000000'");
        Say(hours == records, $"sums of hours: {hours}");
    }

    IEnumerable<string> Keys(string part)
    {
        var organisation = organisationId ??= Guid.Parse(TextAsync("select id::text from organisations").GetAwaiter().GetResult());
        return [$"agw:{{{organisation:N}}}:{part}", $"agw:{{global}}:{part}"];
    }

    Guid? organisationId;

    async Task ZeroAsync(string what, string sql)
    {
        var count = await NumberAsync(sql);
        Say(count == 0, $"{what}: {count} (0)");
    }

    async Task SameAsync(string what, long value, string sql)
    {
        var recorded = await NumberAsync(sql);
        Say(value == recorded, $"{what}: {value:#,##0}; the records: {recorded:#,##0}");
    }

    async Task<long> NumberAsync(string sql) => Convert.ToInt64(await ScalarAsync(sql), CultureInfo.InvariantCulture);

    async Task<string> TextAsync(string sql) => Convert.ToString(await ScalarAsync(sql), CultureInfo.InvariantCulture) ?? "";

    async Task<object?> ScalarAsync(string sql)
    {
        await using var command = books.CreateCommand(sql);
        command.CommandTimeout = 120;
        return await command.ExecuteScalarAsync();
    }

    async Task ExecuteAsync(string sql)
    {
        await using var command = books.CreateCommand(sql);
        command.CommandTimeout = 120;
        await command.ExecuteNonQueryAsync();
    }
}
