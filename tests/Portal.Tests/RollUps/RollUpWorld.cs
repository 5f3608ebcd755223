using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Usage;
using AspireGateway.Shared.Domain;
using Npgsql;

namespace AspireGateway.Portal.Tests.RollUps;

/// <summary>Random usage of an organisation, and what it adds up to by the records alone.</summary>
internal sealed class RollUpWorld(PortalHost portal, Random random)
{
    private static readonly string[] Statuses =
        [UsageStatuses.Ok, UsageStatuses.Ok, UsageStatuses.Ok, UsageStatuses.Refused, UsageStatuses.Failed, UsageStatuses.Truncated, UsageStatuses.Aborted, UsageStatuses.Orphaned, UsageStatuses.Degraded];

    public Guid Organisation { get; private set; }

    public List<Guid> Teams { get; } = [];

    public List<(Guid Id, Guid Team)> Keys { get; } = [];

    public static async Task<RollUpWorld> StartAsync(PortalHost portal, Random random, string zone = "UTC")
    {
        var world = new RollUpWorld(portal, random) { Organisation = await portal.AddOrganisationAsync() };
        await portal.ExecuteAsync($"update organisations set time_zone = '{zone}' where id = '{world.Organisation}'");
        for (var i = 0; i < 3; i++) world.Teams.Add(await portal.AddTeamAsync(world.Organisation));
        for (var i = 0; i < 5; i++) world.Keys.Add((PortalHost.NewId(), world.Teams[i % 3]));
        return world;
    }

    public RollUpBatch Batch(int records = 50, NpgsqlDataSource? source = null) =>
        new(source ?? portal.Get<NpgsqlDataSource>(), Microsoft.Extensions.Options.Options.Create(new RollUpOptions { BatchRecords = records }), TimeProvider.System);

    /// <summary>Rolls up until nothing is left. Other tests' open transactions in the same cluster may hold it up for a moment.</summary>
    public async Task RollAsync(int records = 50, NpgsqlDataSource? source = null)
    {
        var (batch, since) = (Batch(records, source), TimeProvider.System.GetTimestamp());
        await using var left = (source ?? portal.Get<NpgsqlDataSource>()).CreateCommand(
            "select exists (select from usage_records where tx >= (select done from usage_rollups)) or exists (select from usage_corrections)");
        do
        {
            while ((await batch.RunAsync(CancellationToken.None)).IsMore) { }
            Assert.True(TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromMinutes(2), "The roll-ups did not catch up.");
        }
        while ((bool)(await left.ExecuteScalarAsync())!);
    }

    public UsageRecord Record(DateTimeOffset at)
    {
        var (key, team) = Keys[random.Next(Keys.Count)];
        string? Maybe(string prefix, int of) => random.Next(4) == 0 ? null : prefix + random.Next(of);
        var (status, hit) = (Statuses[random.Next(Statuses.Length)], random.Next(6) == 0);
        return new()
        {
            Id = Guid.CreateVersion7(at), At = at, RequestId = Guid.NewGuid().ToString("N"), OrganisationId = Organisation, TeamId = team, KeyId = key, UserId = Maybe("user-", 6), Feature = Maybe("feature-", 3),
            Agent = Maybe("agent-", 2), Route = "chat_completions", Task = Maybe("task-", 2), Model = Maybe("model-", 3), Provider = Maybe("provider-", 2), Deployment = Maybe("deployment-", 3),
            FallbackChain = [.. Enumerable.Range(0, random.Next(4)).Select(i => $"d{i}")], InputTokens = random.Next(5000), CacheReadTokens = random.Next(100), CacheWriteTokens = random.Next(100),
            OutputTokens = random.Next(900), ReasoningTokens = random.Next(50), LatencyUs = (long)Math.Exp(6 + random.NextDouble() * 10), TtftUs = random.Next(3) == 0 ? null : (long)Math.Exp(5 + random.NextDouble() * 8),
            Status = status, StatusCode = 200, CostNanoUsd = random.NextInt64(3_000_000_000), Estimated = random.Next(5) == 0, CacheHit = hit ? random.Next(4) == 0 ? "semantic" : "exact" : null, SavedNanoUsd = hit ? random.NextInt64(1_000_000_000) : null, SavedUs = hit ? random.NextInt64(9_000_000) : null, PrefixSavedNanoUsd = hit ? null : random.NextInt64(-1_000_000, 9_000_000),
            Tags = random.Next(3) switch { 0 => null, 1 => $$"""{"stage":"s{{random.Next(2)}}"}""", _ => $$"""{"stage":"s{{random.Next(2)}}","gateway.arm":"a{{random.Next(2)}}","long":"{{new string('x', 120)}}"}""" },
            Feedback = random.Next(5) == 0 ? random.Next(2) : null,
        };
    }

    public async Task AddAsync(params UsageRecord[] records)
    {
        await using (var connection = new NpgsqlConnection(portal.ConnectionString))
        {
            await connection.OpenAsync();
            await using var ensure = new NpgsqlCommand("select ensure_day_partitions($1)", connection);
            ensure.Parameters.Add(new() { Value = records.Select(r => DateOnly.FromDateTime(r.At.UtcDateTime)).Distinct().Order().ToArray() });
            await ensure.ExecuteNonQueryAsync();
        }
        await using var db = portal.Db();
        db.UsageRecords.AddRange(records);
        await db.SaveChangesAsync();
    }

    /// <summary>Corrects a record as gateways do: everything but its id and time may become another.</summary>
    public async Task CorrectAsync(UsageRecord record)
    {
        var other = Record(record.At);
        await portal.ExecuteAsync($"""
            update usage_records set status = '{other.Status}', cost_nano_usd = {other.CostNanoUsd}, output_tokens = {other.OutputTokens}, latency_us = {other.LatencyUs}, tags = {(other.Tags is null ? "null" : $"'{other.Tags}'")},
                model = {(other.Model is null ? "null" : $"'{other.Model}'")}, feedback = {(other.Feedback is null ? "null" : other.Feedback)}, key_id = '{other.KeyId}', team_id = '{other.TeamId}'
            where id = '{record.Id}'
            """);
    }

    /// <summary>What the records alone add up to, by the value of an expression.</summary>
    public async Task<Dictionary<string, (long Requests, long Cost, long Tokens)>> ByRecordsAsync(string group, DateTimeOffset from, DateTimeOffset to, string more = "true")
    {
        await using var connection = new NpgsqlConnection(portal.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"""
            select coalesce({group}, ''), count(*), sum(cost_nano_usd)::bigint, sum(input_tokens + cache_read_tokens + cache_write_tokens + output_tokens)::bigint
            from usage_records u where organisation_id = $1 and at >= $2 and at < $3 and {more} group by 1
            """, connection);
        foreach (var value in (object[])[Organisation, from.ToUniversalTime(), to.ToUniversalTime()]) command.Parameters.Add(new() { Value = value });
        var found = new Dictionary<string, (long, long, long)>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) found[reader.GetString(0)] = (reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3));
        return found;
    }

    /// <summary>What the portal says.</summary>
    public async Task<UsageReport> AskAsync(UsageFilter filter, string role = Roles.FinOps, params Guid[] teams)
    {
        var answer = await portal.Get<UsageQuery>().RunAsync(PortalHost.Actor(role, Organisation, null, teams), filter, CancellationToken.None);
        Assert.True(answer.Failure is null, answer.Failure?.Message);
        return answer.Value;
    }

    public static void AssertSame(Dictionary<string, (long Requests, long Cost, long Tokens)> records, UsageReport report)
    {
        var told = report.Rows.ToDictionary(r => r.Group ?? "", r => (r.Sums.Requests, r.Sums.CostNanoUsd, r.Sums.Tokens), StringComparer.Ordinal);
        Assert.Equal(records.OrderBy(r => r.Key, StringComparer.Ordinal), told.OrderBy(r => r.Key, StringComparer.Ordinal));
    }
}
