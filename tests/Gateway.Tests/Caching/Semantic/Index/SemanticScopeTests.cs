using System.Numerics.Tensors;
using AspireGateway.Gateway.Caching.Semantic.Index;

namespace AspireGateway.Gateway.Tests.Caching.Semantic.Index;

public sealed class SemanticScopeTests
{
    private const long Enough = 1_000_000_000;

    [Fact]
    public void Find_ManyRows_GivesWhatLookingAtAllGives()
    {
        var scope = new SemanticScope();
        for (var i = 0; i < 500; i++) scope.Put(Rows.Row(i), Enough);
        for (var asked = 1_000; asked < 1_020; asked++)
        {
            var vector = Rows.Vector(asked);
            var best = new SemanticMatch[8];
            var count = scope.Find(vector, 0.3f, best);
            var expected = Enumerable.Range(0, 500).Select(i => TensorPrimitives.Dot<float>(vector, Rows.Vector(i))).Where(s => s >= 0.3f).OrderDescending().Take(8);
            Assert.Equal(expected, best.Take(count).Select(match => match.Similarity));
        }
    }

    [Fact]
    public void Find_VectorOfAnotherLength_FindsNothing()
    {
        var scope = new SemanticScope();
        scope.Put(Rows.Row(1), Enough);
        Assert.Equal(0, scope.Find(Rows.Vector(1, 32), 0, new SemanticMatch[4]));
        Assert.Equal(1, scope.Find(Rows.Vector(1), 0.99f, new SemanticMatch[4]));
    }

    [Fact]
    public void Put_SameDigest_TakesItsPlace()
    {
        var scope = new SemanticScope();
        scope.Put(Rows.Row(1), Enough);
        Assert.Equal(0, scope.Put(Rows.Row(1), Enough));
        Assert.Equal(1, scope.Count);
    }

    [Fact]
    public void Put_NoRoom_LetsGoWhatAnsweredLeast()
    {
        var room = new SemanticScope().Bytes + 3 * Rows.Row(0).Bytes;
        var scope = new SemanticScope();
        var rows = Enumerable.Range(0, 4).Select(i => Rows.Row(i)).ToArray();
        foreach (var row in rows.Take(3)) scope.Put(row, room);
        rows[0].Use();
        rows[2].Use();
        scope.Put(rows[3], room);
        // The second one, which never answered; then, of those that did not, the older one.
        Assert.Equal([true, false, true, true], rows.Select(row => IsThere(scope, row)));
        scope.Put(Rows.Row(4), room);
        Assert.Equal([true, false, true, false], rows.Select(row => IsThere(scope, row)));
        Assert.Equal(room, scope.Bytes);
    }

    [Fact]
    public void Put_MoreThanMost_HoldsMost()
    {
        var scope = new SemanticScope();
        for (var i = 0; i < SemanticScope.MostRows + 50; i++) scope.Put(Rows.Row(i, dimensions: 2), Enough);
        Assert.Equal(SemanticScope.MostRows, scope.Count);
    }

    [Fact]
    public void Remove_ARow_LeavesTheOthers()
    {
        var scope = new SemanticScope();
        var rows = Enumerable.Range(0, 20).Select(i => Rows.Row(i)).ToArray();
        foreach (var row in rows) scope.Put(row, Enough);
        foreach (var row in rows.Where((_, i) => i % 3 == 0)) Assert.Equal(-row.Bytes, scope.Remove(row));
        Assert.Equal(0, scope.Remove(rows[0]));
        Assert.Equal(rows.Select((_, i) => i % 3 != 0), rows.Select(row => IsThere(scope, row)));
        // One of the same digest that came since is another row.
        Assert.Equal(0, scope.Remove(Rows.Row(1)));
        Assert.True(IsThere(scope, rows[1]));
    }

    [Fact]
    public async Task Find_WhileRowsComeAndGo_NeverTakesOneForAnother()
    {
        var scope = new SemanticScope();
        using var stop = new CancellationTokenSource();
        var writer = Task.Run(
            () =>
            {
                var random = new Random(7);
                for (var i = 0; i < 30_000; i++)
                {
                    scope.Put(Rows.Row(random.Next(200)), new SemanticScope().Bytes + 60L * Rows.Row(0).Bytes);
                    if (i % 3 == 0) scope.Remove(Rows.Row(random.Next(200)));
                }
                stop.Cancel();
            },
            TestContext.Current.CancellationToken);
        var vector = Rows.Vector(42);
        do
        {
            var best = new SemanticMatch[4];
            var count = scope.Find(vector, 0.9999f, best);
            for (var i = 0; i < count; i++) Assert.Equal(Rows.Digest(42), best[i].Row.Digest);
        }
        while (!stop.IsCancellationRequested);
        await writer;
    }

    private static bool IsThere(SemanticScope scope, SemanticRow row)
    {
        var best = new SemanticMatch[1];
        return scope.Find(row.Vector, 0.9999f, best) == 1 && ReferenceEquals(best[0].Row, row);
    }
}
