using AspireGateway.Gateway.Caching.Semantic.Index;

namespace AspireGateway.Gateway.Tests.Caching.Semantic.Index;

public sealed class SemanticIndexTests
{
    [Fact]
    public void Put_MoreThanItsRoom_LetsGoWhatWasNotUsedForLongest()
    {
        const long room = 64 * 1024;
        var time = new Clock();
        var index = new SemanticIndex(room, time);
        for (var scope = 0; scope < 100; scope++)
        {
            time.Now++;
            for (var row = 0; row < 10; row++) index.Put(index.Of(Rows.Digest(scope)), Rows.Row(row));
            Assert.InRange(index.Bytes, 0, room + 2 * Rows.Row(0).Bytes);
        }
        // What was used last is there, what was used first is gone.
        Assert.Equal(10, index.Of(Rows.Digest(99)).Count);
        Assert.Equal(0, index.Of(Rows.Digest(0)).Count);
    }

    [Fact]
    public void Put_OneScope_HasHalfOfTheRoom()
    {
        const long room = 64 * 1024;
        var index = new SemanticIndex(room, new Clock());
        for (var row = 0; row < 1_000; row++) index.Put(index.Of(Rows.Digest(1)), Rows.Row(row));
        Assert.InRange(index.Of(Rows.Digest(1)).Bytes, room / 4, room / 2);
        Assert.Equal(index.Bytes, index.Of(Rows.Digest(1)).Bytes);
    }

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long GetTimestamp() => Now;
    }
}
