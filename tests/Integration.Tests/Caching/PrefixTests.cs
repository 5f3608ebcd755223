using System.Globalization;
using System.Net;
using AspireGateway.Integration.Tests.Gateway;
using AspireGateway.Integration.Tests.Spending;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Caching;
using AspireGateway.Shared.Data;
using AspireGateway.Shared.Domain;
using AspireGateway.Shared.Domain.Caching;
using Npgsql;

namespace AspireGateway.Integration.Tests.Caching;

/// <summary>Beginnings of prompts at a real gateway, before a provider that keeps them and counts.</summary>
public sealed class PrefixTests(CachingFixture fixture) : IClassFixture<CachingFixture>
{
    private const string Credential = "sk-ant-canary-5f1d7c2e9b";

    private readonly CachingWorld caching = fixture.Caching;

    [Fact]
    public async Task ABeginningThatWasSeen_IsMarkedAndReadAgain_WhereItIsWarm_AndTheBooksSayWhatItSaved()
    {
        await AddModelAsync();
        var key = await caching.KeyAsync(new() { Mode = CacheModes.Exact, Prefix = PrefixModes.Auto });
        // About 2,000 tokens of instructions, which no other request has.
        var instructions = string.Join(' ', Enumerable.Range(0, 2_000).Select(i => "rule" + i.ToString(CultureInfo.InvariantCulture)));
        var deployments = new HashSet<string>();
        var records = new List<(long Input, long Read, long Written, long Cost, long? Saved)>();
        for (var turn = 0; turn < 4; turn++)
        {
            using var response = await caching.PostAsync(key, "/v1/messages", $$"""{"model":"warm","max_tokens":50,"system":"{{instructions}}","messages":[{"role":"user","content":"question {{turn}}"}]}""");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            deployments.Add(Ask.Header(response, "x-gateway-deployment"));
            records.Add(await BookedAsync(Ask.Header(response, "x-request-id")));
        }

        // In turn they would have gone to both.
        Assert.Single(deployments);
        Assert.Equal((0, 0, null), (records[0].Read, records[0].Written, records[0].Saved));
        Assert.True(records[1].Written > 1_024 && records[1].Read == 0);
        // $3 a million of input, $0.30 where it is read, $3.75 where it is written.
        Assert.Equal(records[1].Written * -750, records[1].Saved);
        foreach (var read in records.Skip(2))
        {
            Assert.Equal((records[1].Written, 0L), (read.Read, read.Written));
            Assert.Equal(read.Read * 2_700, read.Saved);
        }
        Assert.Equal(1, await caching.MetricAsync("llm_prefix_marks_total{by=\"nobody\"}"));
        Assert.Equal(3, await caching.MetricAsync("llm_prefix_marks_total{by=\"gateway\"}"));

        // The same request again comes from the gateway's own cache, whose figures name no text.
        using var hit = await caching.PostAsync(key, "/v1/messages", $$"""{"model":"warm","max_tokens":50,"system":"{{instructions}}","messages":[{"role":"user","content":"question 3"}]}""");
        Assert.Equal("hit", CachingWorld.CacheOf(hit));
        using var redis = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(caching.Redis.ConnectionString);
        await Eventually.HoldsAsync(
            async () =>
            {
                var days = new[] { 0, -1 }.Select(back => new CacheTallies(caching.World.Organisation, DateOnly.FromDateTime(DateTime.UtcNow).AddDays(back)));
                foreach (var day in days)
                {
                    foreach (var entry in await redis.GetDatabase().SortedSetRangeByRankWithScoresAsync(day.Savings))
                        if (entry.Element.ToString().EndsWith("|messages|warm", StringComparison.Ordinal) && (long)entry.Score == records[3].Cost) return true;
                }
                return false;
            },
            TimeSpan.FromSeconds(20), "the gateway has written what the reply saved");

        // The caller does without.
        using var plain = await caching.PostAsync(key, "/v1/messages", $$"""{"model":"warm","max_tokens":50,"system":"{{instructions}}","messages":[{"role":"user","content":"without"}]}""", ("x-gateway-cache", "no-prefix"));
        Assert.Equal((0, 0, null), ((await BookedAsync(Ask.Header(plain, "x-request-id"))) is var without ? (without.Read, without.Written, without.Saved) : default));
    }

    private async Task<(long Input, long Read, long Written, long Cost, long? Saved)> BookedAsync(string requestId)
    {
        await caching.World.RecordAsync(requestId);
        await using var source = NpgsqlDataSource.Create(caching.World.Database);
        await using var command = source.CreateCommand("select input_tokens, cache_read_tokens, cache_write_tokens, cost_nano_usd, prefix_saved_nano_usd from usage_records where request_id = $1");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = requestId });
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.IsDBNull(4) ? null : reader.GetInt64(4));
    }

    private async Task AddModelAsync()
    {
        var (world, configuration) = (caching.World, caching.World.Configuration);
        var provider = await configuration.AddProviderAsync(world.Organisation, "by-anthropic", new Uri(world.Simulator.BaseUrl, "v1").ToString(), "anthropic");
        await configuration.WriteAsync([new(ConfigurationKinds.Provider, provider, world.Organisation)], "update providers set is_private = true where id = $1", provider);
        var credential = await configuration.AddCredentialAsync(world.Organisation, provider);
        await configuration.WriteAsync(
            [new(ConfigurationKinds.Credential, credential, world.Organisation)],
            "update credentials set secret_envelope = $2 where id = $1", credential, new SecretBox(world.MasterKey).Seal(Credential, credential));
        List<Guid> deployments = [];
        foreach (var name in (string[])["warm-1", "warm-2"])
        {
            deployments.Add(await configuration.AddDeploymentAsync(world.Organisation, name, provider, "claude-sonnet-4-5", credential));
            await configuration.AddPriceAsync(world.Organisation, deployments[^1], """{"input":3000000000,"cache_read":300000000,"cache_write":3750000000,"output":15000000000}""", DateTimeOffset.UnixEpoch);
        }
        var model = await configuration.AddModelAsync(world.Organisation, "warm", deployments);
        await configuration.WriteAsync([new(ConfigurationKinds.Model, model, world.Organisation)], "update models set strategy = 'round_robin' where id = $1", model);
    }
}
