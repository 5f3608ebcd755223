using System.Net;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Caching;
using AspireGateway.Shared.Domain.Caching;
using StackExchange.Redis;

namespace AspireGateway.Integration.Tests.Caching;

/// <summary>Whatever is the matter with Redis is a miss and one count, never an error.</summary>
public sealed class CacheFaultTests(StoresFixture stores)
{
    private static readonly CacheSettings Exact = new() { Mode = CacheModes.Exact };

    // Nothing stays in memory, so that every look is one at Redis.
    private const string NoMemory = "Gateway__Cache__MemoryMegabytes=0";

    [Fact]
    public async Task Redis_Killed_IsAMissAndComesBack()
    {
        await using var caching = await CachingWorld.StartAsync(await stores.Postgres.CreateDatabaseAsync(), null, NoMemory);
        var key = await caching.KeyAsync(Exact);
        await HitAsync(caching, key, "before");
        await caching.Redis.KillAsync();
        for (var i = 0; i < 3; i++) Assert.Equal("miss", await AskAsync(caching, key, "before"));
        Assert.True(await caching.MetricAsync("llm_cache_faults_total{reason=\"unreachable\"}") > 0);

        await caching.Redis.StartAsync();
        await HitAsync(caching, key, "after");
    }

    [Fact]
    public async Task Redis_Frozen_IsAMissAndThaws()
    {
        await using var caching = await CachingWorld.StartAsync(await stores.Postgres.CreateDatabaseAsync(), null, NoMemory);
        var key = await caching.KeyAsync(Exact);
        await HitAsync(caching, key, "before");
        await caching.Redis.FreezeAsync();
        for (var i = 0; i < 5; i++) Assert.Equal("miss", await AskAsync(caching, key, "before"));
        Assert.True(await caching.MetricAsync("llm_cache_faults_total{reason=\"timeout\"}") > 0);

        await caching.Redis.ThawAsync();
        await HitAsync(caching, key, "after");
    }

    [Fact]
    public async Task Redis_Full_KeepsNothingMoreAndAnswers()
    {
        await using var caching = await CachingWorld.StartAsync(await stores.Postgres.CreateDatabaseAsync(), null, NoMemory);
        var key = await caching.KeyAsync(Exact);
        await HitAsync(caching, key, "before");
        using var redis = await ConnectionMultiplexer.ConnectAsync(caching.Redis.ConnectionString);
        await redis.GetDatabase().ExecuteAsync("CONFIG", "SET", "maxmemory", "1");

        Assert.Equal("hit", await AskAsync(caching, key, "before"));
        Assert.Equal("miss", await AskAsync(caching, key, "more"));
        await Eventually.HoldsAsync(async () => await caching.MetricAsync("llm_cache_faults_total{reason=\"full\"}") > 0, TimeSpan.FromSeconds(30), "the refusal is counted");
        Assert.Equal("miss", await AskAsync(caching, key, "more"));

        await redis.GetDatabase().ExecuteAsync("CONFIG", "SET", "maxmemory", "0");
        await HitAsync(caching, key, "more");
    }

    [Fact]
    public async Task Entry_Corrupt_IsAMissAndReplaced()
    {
        await using var caching = await CachingWorld.StartAsync(await stores.Postgres.CreateDatabaseAsync(), null, NoMemory);
        var key = await caching.KeyAsync(Exact);
        using var redis = await ConnectionMultiplexer.ConnectAsync(caching.Redis.ConnectionString + ",allowAdmin=true");
        var (database, keys) = (redis.GetDatabase(), new CacheKeys(caching.World.Organisation));
        var server = redis.GetServer(redis.GetEndPoints().Single());
        foreach (var field in (string[])["b", "d"])
        {
            await HitAsync(caching, key, "corrupt " + field);
            foreach (var entry in server.Keys(pattern: keys.EntryPrefix + "*").ToArray()) await database.HashSetAsync(entry, field, "nonsense");
            Assert.Equal("miss", await AskAsync(caching, key, "corrupt " + field));
            await HitAsync(caching, key, "corrupt " + field);
        }
        Assert.True(await caching.MetricAsync("llm_cache_faults_total{reason=\"corrupt\"}") >= 1);

        // What stands under its key is no hash at all.
        foreach (var entry in server.Keys(pattern: keys.EntryPrefix + "*").ToArray())
        {
            await database.KeyDeleteAsync(entry);
            await database.StringSetAsync(entry, "nonsense");
        }
        Assert.Equal("miss", await AskAsync(caching, key, "corrupt b"));
        Assert.True(await caching.MetricAsync("llm_cache_faults_total{reason=\"error\"}") >= 1);
    }

    [Fact]
    public async Task Quota_IsNeverExceeded_AndWhatEndsSoonestGoes()
    {
        await using var caching = await CachingWorld.StartAsync(await stores.Postgres.CreateDatabaseAsync(), null, NoMemory, "Gateway__Cache__QuotaMegabytes=1");
        var key = await caching.KeyAsync(Exact with { MaxEntryBytes = CacheSettings.LargestMaxEntryBytes });
        var random = new System.Text.StringBuilder();
        // Words that Brotli cannot shorten much, 150 KB a reply.
        for (var i = 0; i < 2_400; i++) random.Append(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(i))));
        using var redis = await ConnectionMultiplexer.ConnectAsync(caching.Redis.ConnectionString);
        var (database, keys) = (redis.GetDatabase(), new CacheKeys(caching.World.Organisation));
        var written = new NewEntries(database, keys.Expiries);
        for (var i = 0; i < 20; i++)
        {
            caching.World.Simulator.Script($"text=\"{i} {random}\"");
            using var response = await caching.PostAsync(key, "/v1/chat/completions", $$"""{"model":"small","max_tokens":100000,"messages":[{"role":"user","content":"large {{i}}"}]}""");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await written.NextAsync();
            Assert.InRange((long)await database.HashGetAsync(keys.Sizes, "total"), 1, 1_048_576);
        }
        var entries = redis.GetServer(redis.GetEndPoints().Single()).Keys(pattern: keys.EntryPrefix + "*").Count();
        Assert.Equal(entries, await database.SortedSetLengthAsync(keys.Expiries));
        Assert.Equal(entries + 1, await database.HashLengthAsync(keys.Sizes));
        Assert.InRange(entries, 3, 19);
    }

    private static async Task HitAsync(CachingWorld caching, string key, string prompt) => await Eventually.HoldsAsync(
        async () => await AskAsync(caching, key, prompt) == "hit", TimeSpan.FromSeconds(20), $"'{prompt}' is kept");

    private static async Task<string?> AskAsync(CachingWorld caching, string key, string prompt)
    {
        using var response = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body(prompt));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return CachingWorld.CacheOf(response);
    }
}
