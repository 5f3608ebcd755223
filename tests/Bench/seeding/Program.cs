using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;

// Fills a migrated database with one large organisation, by binary COPY: teams, keys and usage of the last days.
//   dotnet run --project tests/Bench/seeding -c Release -- "Host=...;Database=..." <keys> <teams> <records> [days]
// Run against a database made for it and thrown away afterwards. Prints the organisation's slug at the end.
if (args is not [var connectionString, var keysText, var teamsText, var recordsText, ..])
{
    Console.Error.WriteLine("usage: seeding <connection string> <keys> <teams> <records> [days]");
    return 1;
}
int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
var (keys, teams, records, days) = (Number(keysText), Number(teamsText), Number(recordsText), args.Length > 4 ? Number(args[4]) : 90);
var random = new Random(1);
var now = DateTime.UtcNow;
var organisation = Guid.CreateVersion7();
await using var source = NpgsqlDataSource.Create(connectionString);
var watch = Stopwatch.StartNew();

// 1. The organisation, its teams and keys.
await using (var insert = source.CreateCommand("insert into organisations (id, slug, name, time_zone, created_at) values ($1, 'large', 'Large', 'UTC', $2)"))
{
    insert.Parameters.Add(new() { Value = organisation });
    insert.Parameters.Add(new() { Value = now });
    await insert.ExecuteNonQueryAsync();
}
var teamIds = Enumerable.Range(0, teams).Select(_ => Guid.CreateVersion7()).ToArray();
await CopyAsync("teams (id, organisation_id, slug, name, created_at)", 0, teams, (row, i) =>
{
    row.Write(teamIds[i], NpgsqlDbType.Uuid);
    row.Write(organisation, NpgsqlDbType.Uuid);
    row.Write($"team-{i}", NpgsqlDbType.Text);
    row.Write($"Team {i}", NpgsqlDbType.Text);
    row.Write(now, NpgsqlDbType.TimestampTz);
});
var keyIds = Enumerable.Range(0, keys).Select(_ => Guid.CreateVersion7()).ToArray();
await CopyAsync("virtual_keys (id, organisation_id, team_id, name, prefix, secret_hash, created_at, created_by)", 0, keys, (row, i) =>
{
    row.Write(keyIds[i], NpgsqlDbType.Uuid);
    row.Write(organisation, NpgsqlDbType.Uuid);
    row.Write(teamIds[i % teams], NpgsqlDbType.Uuid);
    row.Write($"key {i}", NpgsqlDbType.Text);
    row.Write("agw-seed", NpgsqlDbType.Text);
    row.Write(SHA256.HashData(BitConverter.GetBytes(i)), NpgsqlDbType.Bytea);
    row.Write(now, NpgsqlDbType.TimestampTz);
    row.Write("seeding", NpgsqlDbType.Text);
});
Console.WriteLine($"{teams} teams and {keys} keys: {watch.Elapsed.TotalSeconds:0} s");

// 2. Usage, oldest first as it would have come. A few keys make most of the requests: key k comes up with a weight of about 1/k.
await using (var ensure = source.CreateCommand("select ensure_day_partitions(array(select current_date - n from generate_series(-2, $1) n))"))
{
    ensure.Parameters.Add(new() { Value = days + 1 });
    await ensure.ExecuteNonQueryAsync();
}
const int Batch = 50_000;
string[] models = [.. Enumerable.Range(0, 12).Select(i => $"model-{i}")], features = [.. Enumerable.Range(0, 40).Select(i => $"feature-{i}")];
for (var first = 0; first < records; first += Batch)
{
    await CopyAsync(
        "usage_records (id, at, request_id, organisation_id, team_id, key_id, user_id, feature, agent, route, task, model, provider, deployment, fallback_chain, input_tokens, cache_read_tokens, "
        + "cache_write_tokens, output_tokens, reasoning_tokens, latency_us, ttft_us, overhead_us, status, status_code, cost_nano_usd, estimated, streamed, guardrails_triggered, tags)",
        first, Math.Min(Batch, records - first), (row, i) =>
    {
        var at = now.AddSeconds(-days * 86_400.0 * (records - i) / records);
        var key = Math.Min(keys - 1, (int)Math.Exp(random.NextDouble() * Math.Log(keys)) - 1);
        var model = random.Next(models.Length);
        var (input, output) = (random.Next(50, 4000), random.Next(5, 900));
        var failed = random.Next(50) == 0;
        row.Write(Guid.CreateVersion7(at), NpgsqlDbType.Uuid);
        row.Write(at, NpgsqlDbType.TimestampTz);
        row.Write($"seed-{i}", NpgsqlDbType.Text);
        row.Write(organisation, NpgsqlDbType.Uuid);
        row.Write(teamIds[key % teams], NpgsqlDbType.Uuid);
        row.Write(keyIds[key], NpgsqlDbType.Uuid);
        row.Write($"user-{key % 50_000}", NpgsqlDbType.Text);
        Text(row, random.Next(8) == 0 ? null : features[(key + random.Next(3)) % features.Length]);
        Text(row, random.Next(3) == 0 ? $"agent-{random.Next(6)}" : null);
        row.Write("chat_completions", NpgsqlDbType.Text);
        row.Write(random.Next(2) == 0 ? "chat" : "code", NpgsqlDbType.Text);
        row.Write(models[model], NpgsqlDbType.Text);
        row.Write($"provider-{model % 4}", NpgsqlDbType.Text);
        row.Write($"deployment-{model}", NpgsqlDbType.Text);
        row.Write(failed ? ["a", "b"] : (string[])["a"], NpgsqlDbType.Array | NpgsqlDbType.Text);
        row.Write((long)input, NpgsqlDbType.Bigint);
        row.Write(0L, NpgsqlDbType.Bigint);
        row.Write(0L, NpgsqlDbType.Bigint);
        row.Write((long)output, NpgsqlDbType.Bigint);
        row.Write(0L, NpgsqlDbType.Bigint);
        row.Write((long)(300_000 * Math.Exp(random.NextDouble() * 3)), NpgsqlDbType.Bigint);
        row.Write((long)(80_000 * Math.Exp(random.NextDouble() * 2)), NpgsqlDbType.Bigint);
        row.Write(900L, NpgsqlDbType.Bigint);
        row.Write(failed ? "failed" : "ok", NpgsqlDbType.Text);
        row.Write(failed ? 502 : 200, NpgsqlDbType.Integer);
        row.Write(failed ? 0L : (input * 250L) + (output * 1000L * (model + 1)), NpgsqlDbType.Bigint);
        row.Write(false, NpgsqlDbType.Boolean);
        row.Write(true, NpgsqlDbType.Boolean);
        row.Write(Array.Empty<string>(), NpgsqlDbType.Array | NpgsqlDbType.Text);
        if (random.Next(4) == 0) row.Write($$"""{"stage":"{{(random.Next(2) == 0 ? "prod" : "test")}}"}""", NpgsqlDbType.Jsonb);
        else row.WriteNull();
    });
    if (first / Batch % 20 == 19) Console.WriteLine($"{first + Batch:#,##0} records: {watch.Elapsed.TotalSeconds:0} s");
}
await using (var analyze = source.CreateCommand("vacuum analyze") )
{
    analyze.CommandTimeout = 0;
    await analyze.ExecuteNonQueryAsync();
}
Console.WriteLine($"{records} records: {watch.Elapsed.TotalSeconds:0} s; organisation large");
return 0;

async Task CopyAsync(string target, int first, int count, Action<NpgsqlBinaryImporter, int> write)
{
    await using var connection = await source.OpenConnectionAsync();
    await using var rows = await connection.BeginBinaryImportAsync($"copy {target} from stdin (format binary)");
    rows.Timeout = TimeSpan.FromMinutes(10);
    for (var i = first; i < first + count; i++)
    {
        rows.StartRow();
        write(rows, i);
    }
    await rows.CompleteAsync();
}

static void Text(NpgsqlBinaryImporter row, string? text)
{
    if (text is null) row.WriteNull();
    else row.Write(text, NpgsqlDbType.Text);
}
