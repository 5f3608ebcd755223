using AspireGateway.Gateway.Accounting.Limits;
using AspireGateway.Shared.Domain.Limits;

namespace AspireGateway.Gateway.Tests.Accounting.Limits;

/// <summary>Names that callers make up cannot fill the ledger.</summary>
public sealed class UnknownIdsTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private static readonly Guid Organisation = Guid.CreateVersion7();

    [Fact]
    public void TryKeep_MoreThanTheBound_KeepsTheFirstAndNoOthers()
    {
        var unknown = new UnknownIds(mostEach: 3);

        foreach (var name in (string[])["a", "b", "c"]) Assert.True(unknown.TryKeep(Organisation, ScopeKinds.Feature, name, Noon));
        Assert.False(unknown.TryKeep(Organisation, ScopeKinds.Feature, "d", Noon));
        // Who is known already stays so.
        Assert.True(unknown.TryKeep(Organisation, ScopeKinds.Feature, "a", Noon));
    }

    [Fact]
    public void TryKeep_OtherKindsAndOrganisations_HaveBoundsOfTheirOwn()
    {
        var unknown = new UnknownIds(mostEach: 1);
        Assert.True(unknown.TryKeep(Organisation, ScopeKinds.Feature, "a", Noon));
        Assert.False(unknown.TryKeep(Organisation, ScopeKinds.Feature, "b", Noon));

        Assert.True(unknown.TryKeep(Organisation, ScopeKinds.Agent, "b", Noon));
        Assert.True(unknown.TryKeep(Guid.CreateVersion7(), ScopeKinds.Feature, "b", Noon));
    }

    [Fact]
    public void TryKeep_NextDay_BeginsAnew()
    {
        var unknown = new UnknownIds(mostEach: 1);
        Assert.True(unknown.TryKeep(Organisation, ScopeKinds.User, "a", Noon));

        Assert.True(unknown.TryKeep(Organisation, ScopeKinds.User, "b", Noon.AddDays(1)));
        Assert.False(unknown.TryKeep(Organisation, ScopeKinds.User, "a", Noon.AddDays(1)));
        // A request that arrived just before midnight does not turn the day back.
        Assert.False(unknown.TryKeep(Organisation, ScopeKinds.User, "c", Noon));
    }

    [Fact]
    public void TryKeep_ManyAtOnce_KeepsHardlyMoreThanTheBound()
    {
        const int Most = 100, Threads = 8;
        var (unknown, kept) = (new UnknownIds(Most), 0);

        Parallel.For(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = Threads }, i =>
        {
            if (unknown.TryKeep(Organisation, ScopeKinds.User, $"user-{i}", Noon)) Interlocked.Increment(ref kept);
        });

        // Each of those who look at the same time may add one.
        Assert.InRange(kept, Most, Most + Threads);
    }
}
