using System.Net;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Caching;
using AspireGateway.Shared.Domain.Caching;
using StackExchange.Redis;

namespace AspireGateway.Integration.Tests.Caching;

/// <summary>Whatever is the matter with Redis or a row is a miss and a count, never an error; and rows never take more than their part.</summary>
public sealed class SemanticFaultTests(StoresFixture stores)
{
    private static readonly CacheSettings Semantic = new() { Mode = CacheModes.Semantic };

    // Nothing stays in memory, so that every look is one at Redis.
    private const string NoMemory = "Gateway__Cache__MemoryMegabytes=0";

    [Fact]
    public async Task Redis_KilledOrFrozen_IsAMissAndComesBack()
    {
        await using var caching = await CachingWorld.StartAsync(await stores.Postgres.CreateDatabaseAsync(), null, NoMemory);
        var key = await caching.KeyAsync(Semantic);
        await HitAsync(caching, key, "How tall are Cranes?", "how tall are cranes");
        await caching.Redis.FreezeAsync();
        for (var i = 0; i < 3; i++) Assert.Equal("miss", await AskAsync(caching, key, "how tall are cranes"));
        Assert.True(await caching.MetricAsync("llm_cache_faults_total{reason=\"timeout\"}") > 0);
        await caching.Redis.ThawAsync();
        await HitAsync(caching, key, "How tall are Storks?", "how tall are storks");

        await caching.Redis.KillAsync();
        for (var i = 0; i < 3; i++) Assert.Equal("miss", await AskAsync(caching, key, "how tall are storks"));
        Assert.True(await caching.MetricAsync("llm_cache_faults_total{reason=\"unreachable\"}") > 0);
        await caching.Redis.StartAsync();
        // Redis has forgotten everything, and the index of the gateway leads nowhere.
        await HitAsync(caching, key, "How tall are Storks?", "how tall are storks");
    }

    [Fact]
    public async Task Row_OrReply_Corrupt_IsAMissAndReplaced()
    {
        await using var caching = await CachingWorld.StartAsync(await stores.Postgres.CreateDatabaseAsync(), null, NoMemory);
        var key = await caching.KeyAsync(Semantic);
        using var redis = await ConnectionMultiplexer.ConnectAsync(caching.Redis.ConnectionString + ",allowAdmin=true");
        var (database, keys) = (redis.GetDatabase(), new CacheKeys(caching.World.Organisation));
        var server = redis.GetServer(redis.GetEndPoints().Single());
        foreach (var field in (string[])["b", "d"])
        {
            await HitAsync(caching, key, $"How old is Rook {field}?", $"how old is rook {field}");
            foreach (var entry in server.Keys(pattern: keys.EntryPrefix + "*").ToArray()) await database.HashSetAsync(entry, field, "nonsense");
            Assert.Equal("miss", await AskAsync(caching, key, $"how old is rook {field}"));
        }
        Assert.True(await caching.MetricAsync("llm_cache_faults_total{reason=\"corrupt\"}") >= 1);

        // A gateway that starts reads rows; those that are damaged are none, the others are.
        await HitAsync(caching, key, "How old is Jackdaw?", "how old is jackdaw");
        await HitAsync(caching, key, "How old is Magpie?", "how old is magpie");
        var rows = server.Keys(pattern: keys.EntryPrefix + "*").Where(entry => database.HashExists(entry, "v")).ToArray();
        Assert.True(rows.Length >= 2);
        foreach (var entry in rows) await database.HashSetAsync(entry, "v", "nonsense");
        var other = await caching.StartAnotherAsync("after-damage");
        using var missed = await CachingWorld.PostAsync(other, key, "/v1/chat/completions", CachingWorld.Body("how old is magpie"));
        Assert.Equal((HttpStatusCode.OK, "miss"), (missed.StatusCode, CachingWorld.CacheOf(missed)));
        Assert.Contains("llm_cache_faults_total{reason=\"corrupt\"}", await other.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);

        // What stands in the place of the lists is none of ours.
        foreach (var list in server.Keys(pattern: keys.RowOrder + "*").ToArray())
        {
            await database.KeyDeleteAsync(list);
            await database.StringSetAsync(list, "nonsense");
        }
        Assert.Equal("miss", await AskAsync(caching, key, "how old is a raven"));
        await other.DisposeAsync();
    }

    [Fact]
    public async Task Embedder_TooLate_MeansThatNoSimilarQuestionIsLookedFor()
    {
        await using var caching = await CachingWorld.StartAsync(await stores.Postgres.CreateDatabaseAsync(), null, "Gateway__Cache__EmbedderMs=300");
        var key = await caching.KeyAsync(Semantic with { Embedder = "embed", Similarity = 0.8 });
        await HitAsync(caching, key, "when do the swifts of the tower leave", "when do the swifts of the tower depart", isModels: true);
        caching.World.Simulator.ScriptFor("sim-embed", "latency-ms=1400");
        using var late = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body("when do the swifts of the tower go"));
        Assert.Equal((HttpStatusCode.OK, "miss"), (late.StatusCode, CachingWorld.CacheOf(late)));
        Assert.True(await caching.MetricAsync("llm_cache_faults_total{reason=\"embedder\"}") >= 1);
    }

    [Fact]
    public async Task Quota_HoldsWithRows_AndListsHaveNoMoreThanEntries()
    {
        await using var caching = await CachingWorld.StartAsync(await stores.Postgres.CreateDatabaseAsync(), null, NoMemory, "Gateway__Cache__QuotaMegabytes=1");
        var key = await caching.KeyAsync(Semantic with { MaxEntryBytes = CacheSettings.LargestMaxEntryBytes });
        var random = new System.Text.StringBuilder();
        // Words that Brotli cannot shorten much, 150 KB a reply.
        for (var i = 0; i < 2_400; i++) random.Append(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(BitConverter.GetBytes(i))));
        using var redis = await ConnectionMultiplexer.ConnectAsync(caching.Redis.ConnectionString);
        var (database, keys) = (redis.GetDatabase(), new CacheKeys(caching.World.Organisation));
        var server = redis.GetServer(redis.GetEndPoints().Single());
        var written = new NewEntries(database, keys.Expiries);
        for (var i = 0; i < 20; i++)
        {
            caching.World.Simulator.Script($"text=\"{i} {random}\"");
            using var response = await caching.PostAsync(key, "/v1/chat/completions", $$"""{"model":"small","max_tokens":100000,"messages":[{"role":"user","content":"large owl {{i}}"}]}""");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await written.NextAsync();
            Assert.InRange((long)await database.HashGetAsync(keys.Sizes, "total"), 1, 1_048_576);
        }
        var entries = server.Keys(pattern: keys.EntryPrefix + "*").Count();
        Assert.InRange(entries, 3, 19);
        long Listed(string prefix) => server.Keys(pattern: prefix + "*").Sum(list => database.SortedSetLength(list));
        Assert.Equal((entries, entries), (Listed(keys.RowOrder), Listed(keys.RowUses)));
        // Of each entry its size and its scope, and the sum.
        Assert.Equal(2 * entries + 1, await database.HashLengthAsync(keys.Sizes));
    }

    private static async Task HitAsync(CachingWorld caching, string key, string question, string similar, bool isModels = false) => await Eventually.HoldsAsync(
        async () =>
        {
            // Made anew each time: whatever the state of Redis was, its row and its reply are there then. Models make no vector for that.
            (string, string)[] anew = isModels ? [] : [("x-gateway-cache", "no-cache")];
            using var made = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body(question), anew);
            using var response = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body(similar), ("x-gateway-cache", "only-if-cached"));
            return CachingWorld.CacheOf(response) == "semantic";
        },
        TimeSpan.FromSeconds(20), $"'{similar}' is answered");

    // Never kept itself: the next time it is asked it must be found by its likeness again.
    private static async Task<string?> AskAsync(CachingWorld caching, string key, string prompt)
    {
        using var response = await caching.PostAsync(key, "/v1/chat/completions", CachingWorld.Body(prompt), ("x-gateway-cache", "no-store"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return CachingWorld.CacheOf(response);
    }
}
