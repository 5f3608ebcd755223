using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.Tests.Scripting;

public sealed class DirectiveReaderTests
{
    [Fact]
    public void Text_SeveralDirectives_AreAllRead()
    {
        Assert.Null(DirectiveReader.TryApply(" status = 529 ;retry-after=2;; no-done; content-type=\"a; b\" ", Directives.None, out var read));

        Assert.Equal(529, read.Status);
        Assert.Equal(2, read.RetryAfter);
        Assert.True(read.NoDone);
        Assert.Equal("a; b", read.ContentType);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("status")]
    [InlineData("status=600")]
    [InlineData("status=abc")]
    [InlineData("status=-1")]
    [InlineData("no-done=1")]
    [InlineData("text=\"open")]
    [InlineData("error-body=xml")]
    [InlineData("status=500; nonsense=1")]
    [InlineData("header-=x")]
    [InlineData("=5")]
    public void Text_WithAFault_SaysSo(string text)
    {
        var fault = DirectiveReader.TryApply(text, Directives.None, out _);

        Assert.NotNull(fault);
        Assert.Contains("directive", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Later_SameDirective_WinsAndOthersStay()
    {
        DirectiveReader.TryApply("status=500; retry-after=1", Directives.None, out var before);

        DirectiveReader.TryApply("status=503", before, out var after);

        Assert.Equal((503, 1), (after.Status, after.RetryAfter));
    }

    [Theory]
    [InlineData("hello [[sim: chunks=3]] world", 3, "hello  world")]
    [InlineData("[[sim:chunks=3]]", 3, "")]
    [InlineData("[[sim: chunks=2]]a[[sim: chunks=4]]", 4, "a")]
    [InlineData("[[sim: chunks=2", null, "[[sim: chunks=2")]
    [InlineData("nothing", null, "nothing")]
    public void Message_Markers_AreReadAndTakenOut(string message, int? chunks, string rest)
    {
        Assert.Null(DirectiveReader.TryApplyMarked(message, Directives.None, out var read));

        Assert.Equal(chunks, read.Chunks);
        Assert.Equal(rest, DirectiveReader.WithoutMarkers(message));
    }
}
