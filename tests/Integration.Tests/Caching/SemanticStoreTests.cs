using System.Security.Cryptography;
using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Caching.Semantic.Index;
using AspireGateway.Gateway.Caching.Semantic.Words;
using AspireGateway.Gateway.Caching.Store;
using AspireGateway.Gateway.Telemetry;
using AspireGateway.Integration.Tests.Stores;
using AspireGateway.Shared.Caching;
using AspireGateway.Shared.Redis;
using Microsoft.Extensions.Logging.Abstractions;

namespace AspireGateway.Integration.Tests.Caching;

/// <summary>The rows of scopes in a real Redis, by the gateway's own calls.</summary>
public sealed class SemanticStoreTests
{
    private static readonly CacheDigest Scope = DigestOf(-1);
    private static readonly string[] Fields = [CachePurge.All];

    [Fact]
    public async Task Scope_ThatIsFull_LetsGoTheRowThatAnsweredLeast_AndItsReplyStays()
    {
        await using var redis = await RedisServer.StartPrivateAsync("noeviction", []);
        await using var store = await ConnectAsync(redis, mostRows: 3);
        var keys = new CacheKeys(Guid.CreateVersion7());
        for (var i = 0; i < 3; i++) await KeepAsync(store, keys, i);
        // The first and the last are of use.
        foreach (var used in (int[])[0, 2]) Assert.NotNull((await store.LookAsync(keys, DigestOf(used), Fields, Scope)).Reply);
        await KeepAsync(store, keys, 3);
        Assert.Equal([0, 2, 3], await NumbersAsync(store, keys));
        await KeepAsync(store, keys, 4);
        Assert.Equal([0, 2, 4], await NumbersAsync(store, keys));
        Assert.NotNull((await store.LookAsync(keys, DigestOf(1), Fields)).Reply);
        // Other scopes have their own.
        Assert.Empty((await store.RowsAsync(keys, DigestOf(-2), "0"))!.Value.Rows);
        Assert.Empty((await store.RowsAsync(new CacheKeys(Guid.CreateVersion7()), Scope, "0"))!.Value.Rows);
    }

    [Fact]
    public async Task Rows_ComeInPieces_AndAfterAPlaceOnlyNewOnes()
    {
        await using var redis = await RedisServer.StartPrivateAsync("noeviction", []);
        await using var store = await ConnectAsync(redis);
        var keys = new CacheKeys(Guid.CreateVersion7());
        for (var i = 0; i < 300; i++) await KeepAsync(store, keys, i);
        var first = (await store.RowsAsync(keys, Scope, "0"))!.Value;
        Assert.True(first.HasMore);
        var second = (await store.RowsAsync(keys, Scope, first.Cursor))!.Value;
        Assert.False(second.HasMore);
        Assert.Equal(Enumerable.Range(0, 300), first.Rows.Concat(second.Rows).Select(NumberOf));
        Assert.Empty((await store.RowsAsync(keys, Scope, second.Cursor))!.Value.Rows);
        await KeepAsync(store, keys, 300);
        // One that is kept again is new again.
        await KeepAsync(store, keys, 7);
        Assert.Equal([300, 7], (await store.RowsAsync(keys, Scope, second.Cursor))!.Value.Rows.Select(NumberOf));
    }

    private static async Task KeepAsync(CacheStore store, CacheKeys keys, int number) => Assert.True(await store.KeepAsync(
        new(keys, DigestOf(number), Reply, new(Fields, ["0"]), 60)
        {
            Row = new(DigestOf(number), [1, 0], [new((uint)number, 0, 0, WordKinds.Content)], DateTimeOffset.UtcNow.AddMinutes(1).ToUnixTimeMilliseconds()), Scope = Scope,
        },
        mostBytes: 16 * 1024 * 1024));

    private static async Task<IEnumerable<int>> NumbersAsync(CacheStore store, CacheKeys keys) => (await store.RowsAsync(keys, Scope, "0"))!.Value.Rows.Select(NumberOf);

    private static int NumberOf(SemanticRow row) => (int)row.Words[0].Exact;

    private static CacheDigest DigestOf(int number) => CacheDigest.Of(BitConverter.GetBytes(number));

    private static CachedReply Reply => new()
    {
        CreatedAtMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), TtlSeconds = 60, LatencyUs = 1, CostNanoUsd = 1, DeploymentId = Guid.NewGuid(), Deployment = "d", Provider = "p", Body = "{}"u8.ToArray(),
    };

    [Fact]
    public async Task Figures_OfADay_AddUp_AndOnlyTheRepliesThatSavedMostStay()
    {
        await using var redis = await RedisServer.StartPrivateAsync("noeviction", []);
        await using var store = await ConnectAsync(redis);
        var day = new CacheTallies(Guid.CreateVersion7(), new DateOnly(2026, 11, 30));
        var entries = Enumerable.Range(0, CacheTallies.MostEntries + 50).Select(i => (CacheTallies.Entry($"{i}", "r", "m"), (long)i, 1L)).ToList();
        foreach (var piece in entries.Chunk(CacheTallies.MostEntries)) Assert.True(await store.TallyAsync(day, piece, new Dictionary<string, long> { [CacheTallies.Compared("m")] = 2 }));
        Assert.True(await store.TallyAsync(day, [(CacheTallies.Entry("249", "r", "m"), 1_000, 3)], new Dictionary<string, long>()));

        using var look = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        var data = look.GetDatabase();
        Assert.Equal(CacheTallies.MostEntries, await data.SortedSetLengthAsync(day.Savings));
        Assert.Equal(CacheTallies.MostEntries, await data.HashLengthAsync(day.Hits));
        Assert.Equal((1_249d, 4), (await data.SortedSetScoreAsync(day.Savings, "249|r|m"), (int)await data.HashGetAsync(day.Hits, "249|r|m")));
        Assert.Null(await data.SortedSetScoreAsync(day.Savings, "49|r|m"));
        Assert.Equal(4, (int)await data.HashGetAsync(day.Closest, CacheTallies.Compared("m")));
        foreach (var key in (string[])[day.Savings, day.Hits, day.Closest]) Assert.InRange((await data.KeyTimeToLiveAsync(key))!.Value.TotalDays, CacheTallies.KeptDays - 1, CacheTallies.KeptDays);
    }

    private static async Task<CacheStore> ConnectAsync(RedisServer redis, int mostRows = SemanticScope.MostRows)
    {
        // What is asked here is whether answers are right, not how soon they come.
        var options = RedisOptions.Parse(redis.ConnectionString) with { CallTimeout = TimeSpan.FromSeconds(20) };
        var client = new RedisClient(options, TimeProvider.System, NullLogger<RedisClient>.Instance, [CacheScripts.Look, CacheScripts.Keep, CacheScripts.Rows, CacheScripts.Tally]);
        var key = RandomNumberGenerator.GetBytes(32);
        var store = new CacheStore(client, new EntryCodec(key), new RowCodec(key), new CacheMetrics(), mostRows);
        store.Start();
        await Eventually.HoldsAsync(() => client.Status.IsUp, TimeSpan.FromSeconds(30), "Redis is up");
        return store;
    }
}
