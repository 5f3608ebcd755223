using AspireGateway.Gateway.Caching.Keys;
using AspireGateway.Gateway.Caching.Tallies;

namespace AspireGateway.Gateway.Tests.Caching.Tallies;

public sealed class CacheTallyTests
{
    private static readonly Guid One = Guid.NewGuid(), Other = Guid.NewGuid();

    private readonly CacheTally tally = new();

    [Fact]
    public void Take_GivesWhatWasCounted_ByOrganisation_Once()
    {
        var (first, second) = (new CacheDigest(1, 2, 3, 4), new CacheDigest(5, 6, 7, 8));
        tally.Hit(One, first, "chat_completions", "small", 10);
        tally.Hit(One, first, "chat_completions", "small", 30);
        tally.Hit(One, second, "chat_completions", "small", 5);
        tally.Hit(Other, first, "messages", "large", 1);

        var taken = tally.Take();
        Assert.Equal(2, taken.Count);
        Assert.Equal((40L, 2L), taken[One].Entries[(first, "chat_completions", "small")]);
        Assert.Equal((5L, 1L), taken[One].Entries[(second, "chat_completions", "small")]);
        Assert.Equal((1L, 1L), Assert.Single(taken[Other].Entries).Value);
        Assert.Empty(tally.Take());
    }

    [Fact]
    public void Compared_CountsEachThresholdThatTheClosestReaches()
    {
        tally.Compared(One, "small", 0.955f, 0);
        tally.Compared(One, "small", 0, 0.86f);
        tally.Compared(One, "small", 0, 0);

        var closest = tally.Take()[One].Closest;
        Assert.Equal(3, closest["n0|small"]);
        Assert.Equal((1L, 1L, 1L), (closest["s50|small"], closest["s93|small"], closest["s95|small"]));
        Assert.DoesNotContain("s96|small", closest.Keys);
        Assert.Equal((1L, 1L), (closest["o50|small"], closest["o85|small"]));
        Assert.DoesNotContain("o90|small", closest.Keys);
    }

    [Fact]
    public void Hit_OfMoreThanItHolds_IsNotCounted_AndThoseThatAreThereStillAre()
    {
        for (var i = 0; i < 2 * CacheTally.MostEntries; i++) tally.Hit(One, new CacheDigest((ulong)i, 0, 0, 0), "r", "m", 1);
        tally.Hit(One, default, "r", "m", 1);

        var entries = tally.Take()[One].Entries;
        Assert.Equal(CacheTally.MostEntries, entries.Count);
        Assert.Equal(2, entries[(default, "r", "m")].Hits);
    }
}
