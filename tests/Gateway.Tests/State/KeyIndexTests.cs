using AspireGateway.Gateway.State;
using FsCheck;
using FsCheck.Fluent;

namespace AspireGateway.Gateway.Tests.State;

public sealed class KeyIndexTests
{
    private const int Ids = 40;

    // One change: which key, and its new secret; null = it goes.
    private sealed record Change(int Id, int? Secret);

    private static readonly Gen<Change> AnyChange =
        from id in Gen.Choose(0, Ids - 1)
        from version in Gen.Choose(0, 3)
        // Secrets of two keys differ, as the database sees to; one key may go, come back, and have its secret replaced.
        select new Change(id, version == 0 ? null : id * 10 + version);

    [Fact]
    public void With_AnySequenceOfChanges_EqualsADictionary() =>
        Prop.ForAll(Gen.ListOf(Gen.ListOf(AnyChange)).ToArbitrary(), batches =>
        {
            var model = Enumerable.Range(0, Ids / 2).ToDictionary(id => id, id => id * 10);
            var index = new KeyIndex([.. model.Select(entry => Keys.Of(entry.Key, entry.Value))]);
            foreach (var batch in batches)
            {
                var changes = new Dictionary<Guid, VirtualKeySnapshot?>();
                foreach (var change in batch)
                {
                    changes[Keys.IdOf(change.Id)] = change.Secret is { } secret ? Keys.Of(change.Id, secret) : null;
                    if (change.Secret is { } value) model[change.Id] = value;
                    else model.Remove(change.Id);
                }
                var before = Describe(index);
                var next = index.With(changes);
                Assert.Equal(before, Describe(index));
                index = next;
                AssertEqual(model, index);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void With_MoreChangesThanTheOverlayHolds_FoldsWithoutLosingAny()
    {
        var model = Enumerable.Range(0, 5_000).ToDictionary(id => id, id => id);
        var index = new KeyIndex([.. model.Select(entry => Keys.Of(entry.Key, entry.Value))]);

        for (var round = 0; round < 10; round++)
        {
            var changes = new Dictionary<Guid, VirtualKeySnapshot?>();
            for (var i = 0; i < 900; i++)
            {
                var id = round * 600 + i;
                if (i % 3 == 0)
                {
                    changes[Keys.IdOf(id)] = null;
                    model.Remove(id);
                }
                else
                {
                    changes[Keys.IdOf(id)] = Keys.Of(id, 1_000_000 + id * 10 + round);
                    model[id] = 1_000_000 + id * 10 + round;
                }
            }
            index = index.With(changes);
            Assert.Equal(model.Count, index.Count);
        }
        AssertEqual(model, index);
    }

    [Fact]
    public void Find_HalfOfTheHashRight_FindsNothing()
    {
        var index = new KeyIndex([Keys.Of(1, 1)]);
        var forged = Keys.HashOf(1);
        forged[31] ^= 1;

        Assert.Null(index.Find(forged));
        Assert.Null(index.With(new Dictionary<Guid, VirtualKeySnapshot?> { [Keys.IdOf(1)] = Keys.Of(1, 1) }).Find(forged));
    }

    [Fact]
    public void With_OneChangeOfALargeIndex_CopiesOnlyWhatChanged()
    {
        var index = new KeyIndex([.. Enumerable.Range(0, 100_000).Select(id => Keys.Of(id, id))]);
        var changes = new Dictionary<Guid, VirtualKeySnapshot?> { [Keys.IdOf(7)] = null };
        _ = index.With(changes);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var next = index.With(changes);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, 0, 2_000);
        Assert.Null(next.Find(Keys.HashOf(7)));
    }

    private static void AssertEqual(Dictionary<int, int> model, KeyIndex index)
    {
        Assert.Equal(model.Count, index.Count);
        Assert.Equal(model.Keys.Select(Keys.IdOf).Order(), index.All.Select(key => key.Id).Order());
        foreach (var (id, secret) in model) Assert.Equal(Keys.IdOf(id), index.Find(Keys.HashOf(secret))?.Id);
        // Secrets that keys had before, or never: none of them may open anything.
        foreach (var secret in Enumerable.Range(0, Ids * 10).Except(model.Values)) Assert.Null(index.Find(Keys.HashOf(secret)));
    }

    private static string Describe(KeyIndex index) =>
        string.Join(' ', index.All.OrderBy(key => key.Id).Select(key => $"{key.Id}={Convert.ToHexString(key.SecretHash)}"));
}
