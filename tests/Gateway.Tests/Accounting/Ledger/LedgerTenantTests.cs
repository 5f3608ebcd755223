using System.Text;
using AspireGateway.Gateway.Accounting.Ledger;
using static AspireGateway.Gateway.Tests.Accounting.Ledger.LedgerScene;

namespace AspireGateway.Gateway.Tests.Accounting.Ledger;

public sealed class LedgerTenantTests
{
    private const int Threads = 8;
    private const int Rounds = 20_000;

    private readonly LedgerTenant tenant = new(Organisation, new Clock());

    [Fact]
    public void List_AddedToAndTakenFromInAnyOrder_HoldsWhatIsLeft()
    {
        var random = new Random(1);
        var (expected, all) = (new HashSet<Hold>(), Enumerable.Range(0, 50).Select(_ => Empty()).ToArray());
        for (var i = 0; i < 5_000; i++)
        {
            var hold = all[random.Next(all.Length)];
            // Twice is once.
            if (random.Next(2) == 0) { tenant.Add(hold); expected.Add(hold); }
            else { tenant.Remove(hold); expected.Remove(hold); }
            Assert.Equal(expected.Count, tenant.Count);
            if (i % 50 == 0) Assert.Equal(expected, tenant.Holds().ToHashSet());
        }
    }

    [Fact]
    public async Task List_UnderManyThreads_LosesAndDoublesNothing()
    {
        var kept = await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            var mine = new List<Hold>();
            for (var i = 0; i < Rounds; i++)
            {
                var hold = Empty();
                tenant.Add(hold);
                if (i % 1000 == 999) Assert.Contains(hold, tenant.Holds());
                if (i % 100 == thread) mine.Add(hold);
                else tenant.Remove(hold);
            }
            return mine;
        })));

        var left = tenant.Holds();
        Assert.Equal(Threads * Rounds / 100, left.Length);
        Assert.Equal(kept.SelectMany(mine => mine).ToHashSet(), left.ToHashSet());
        foreach (var hold in left) tenant.Remove(hold);
        Assert.Equal(0, tenant.Count);
        Assert.Empty(tenant.Holds());
    }

    [Fact]
    public void LocalHold_OnceRegistered_IsTheLedgers()
    {
        var (ended, registered) = (Empty(), Empty());
        ended.IsLocal = registered.IsLocal = true;
        tenant.Add(ended);
        tenant.Add(registered);

        Assert.True(tenant.TryEndLocally(ended));
        Assert.Equal([registered], tenant.Holds(forRegistration: true));
        Assert.False(tenant.TryEndLocally(registered));
        Assert.Equal(1, tenant.Count);
    }

    [Theory]
    [InlineData("1764382164000000:0123abcd", 1_764_382_164_000_000)]
    [InlineData("nonsense", 0)]
    [InlineData(":", 0)]
    public void Epoch_Known_TellsWhenItBegan(string epoch, long microseconds)
    {
        tenant.Epoch = Encoding.UTF8.GetBytes(epoch);
        tenant.Epoch = null;

        Assert.Equal(microseconds, tenant.EpochAtUs);
        Assert.Equal(epoch, Encoding.UTF8.GetString(tenant.LastEpoch!));
    }

    private Hold Empty() => HoldOf(tenant, [], default);
}
