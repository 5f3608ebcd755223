using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Caching.Flights;
using AspireGateway.Gateway.Caching.Keys;

namespace AspireGateway.Gateway.Tests.Caching.Flights;

public sealed class FlightTableTests
{
    private static readonly CacheDigest Digest = CacheDigest.Of("question"u8);

    private readonly FlightTable flights = new();

    [Fact]
    public async Task Join_Equal_LeadOnceAndShareTheEnd()
    {
        var leader = flights.Join(Digest, mayLead: true, out var leads)!;
        Assert.True(leads);
        var followers = Enumerable.Range(0, 50).Select(_ => flights.Join(Digest, mayLead: true, out var also) is { } flight && !also ? flight : null).ToArray();
        Assert.All(followers, follower => Assert.Same(leader, follower));
        flights.Join(CacheDigest.Of("another"u8), mayLead: true, out var leadsAnother);
        Assert.True(leadsAnother);

        var reply = new CachedReply { CreatedAtMs = 0, TtlSeconds = 1, LatencyUs = 1, CostNanoUsd = 1, DeploymentId = Guid.Empty, Deployment = "", Provider = "", Body = [] };
        flights.End(leader, FlightOutcome.Answered, reply);
        Assert.Same(reply, (await leader.Ended).Reply);
        flights.Join(Digest, mayLead: true, out leads);
        Assert.True(leads);
        Assert.Equal(2, flights.Count);
    }

    [Fact]
    public void Join_WithoutLeading_FindsOnlyWhatFlies()
    {
        Assert.Null(flights.Join(Digest, mayLead: false, out _));
        var leader = flights.Join(Digest, mayLead: true, out _);
        Assert.Same(leader, flights.Join(Digest, mayLead: false, out var leads));
        Assert.False(leads);
    }

    [Fact]
    public void Join_TooMany_AreForThemselves()
    {
        var leader = flights.Join(Digest, mayLead: true, out _);
        for (var i = 0; i < 4_000; i++) Assert.Same(leader, flights.Join(Digest, mayLead: true, out _));
        Assert.Null(flights.Join(Digest, mayLead: true, out var leads));
        Assert.False(leads);
    }

    [Fact]
    public void Join_AtOnceFromManyThreads_HasOneLeader()
    {
        var leaders = 0;
        Parallel.For(0, 1_000, _ =>
        {
            flights.Join(Digest, mayLead: true, out var leads);
            if (leads) Interlocked.Increment(ref leaders);
        });
        Assert.Equal(1, leaders);
    }
}
