using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Caching.Keys;

namespace AspireGateway.Gateway.Tests.Caching.Entries;

public sealed class NearCacheTests
{
    private readonly Clock time = new();

    [Fact]
    public void Find_WhatWasAdded_UntilItIsTooOld()
    {
        var near = new NearCache(1_000_000, TimeSpan.FromSeconds(5), time);
        near.Add(Digest(1), Reply(10), near.Generation);
        Assert.NotNull(near.Find(Digest(1)));
        Assert.Null(near.Find(Digest(2)));

        time.Now += TimeSpan.FromSeconds(6);
        Assert.Null(near.Find(Digest(1)));
    }

    [Fact]
    public void Clear_ForgetsWhatWasFoundBefore()
    {
        var near = new NearCache(1_000_000, TimeSpan.FromSeconds(5), time);
        var before = near.Generation;
        near.Add(Digest(1), Reply(10), before);
        near.Clear();
        near.Add(Digest(2), Reply(10), before);

        Assert.Null(near.Find(Digest(1)));
        Assert.Null(near.Find(Digest(2)));
        near.Add(Digest(2), Reply(10), near.Generation);
        Assert.NotNull(near.Find(Digest(2)));
    }

    [Fact]
    public void Add_MoreThanFits_StaysBoundedAndKeepsWhatIsUsed()
    {
        const int Bytes = 100_000;
        var near = new NearCache(Bytes, TimeSpan.FromMinutes(5), time);
        near.Add(Digest(0), Reply(100), near.Generation);
        for (var i = 1; i <= 10_000; i++)
        {
            near.Add(Digest(i), Reply(100), near.Generation);
            Assert.NotNull(near.Find(Digest(0)));
            Assert.InRange(near.YoungBytes, 0, Bytes / 2);
        }
        var held = Enumerable.Range(0, 10_001).Count(i => near.Find(Digest(i)) is not null);
        Assert.InRange(held, 1, Bytes / (100 + CachedReply.Overhead) + 1);
    }

    [Fact]
    public void Add_TooLargeOrNoRoom_IsNotKept()
    {
        var near = new NearCache(4_000, TimeSpan.FromMinutes(5), time);
        near.Add(Digest(1), Reply(2_000), near.Generation);
        Assert.Null(near.Find(Digest(1)));

        var none = new NearCache(0, TimeSpan.FromMinutes(5), time);
        none.Add(Digest(1), Reply(1), none.Generation);
        Assert.Null(none.Find(Digest(1)));
    }

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }

    private static CacheDigest Digest(int number) => CacheDigest.Of(BitConverter.GetBytes(number));

    private static CachedReply Reply(int bytes) => new()
    {
        CreatedAtMs = 0, TtlSeconds = 60, LatencyUs = 1, CostNanoUsd = 1, DeploymentId = Guid.Empty, Deployment = "d", Provider = "p", Body = new byte[bytes],
    };
}
