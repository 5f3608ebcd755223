using AspireGateway.AppHost.Local.Output;

namespace AspireGateway.AppHost.Tests.Output;

public sealed class HostConsoleTests
{
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public void Log_Redirected_PrefixesWithoutColour()
    {
        new HostConsole(_output, _error, colour: false).Log("portal", "hello");

        Assert.Equal("portal    | hello\n", _output.ToString());
    }

    [Fact]
    public void Log_Terminal_GivesEachResourceItsOwnColour()
    {
        var console = new HostConsole(_output, _error, colour: true);
        console.Log("portal", "a");
        console.Log("gateway", "b");
        console.Log("portal", "c");

        var codes = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[..line.IndexOf('m')]).ToArray();
        Assert.Equal(codes[0], codes[2]);
        Assert.NotEqual(codes[0], codes[1]);
    }

    [Theory]
    [InlineData("plain ä 漢 \t tab", "plain ä 漢 \t tab")]
    [InlineData("\e[31mred\e[0m", "red")]
    [InlineData("\e[2J\e[1;1Hgone", "gone")]
    [InlineData("bell\a back\b cr\r nul\0", "bell back cr nul")]
    [InlineData("cut off \e[3", "cut off ")]
    [InlineData("title \e]0;x\a", "title ]0;x")]
    [InlineData("c1 \u009b31m", "c1 31m")]
    public void Printable_ControlSequences_AreTakenOut(string line, string expected) => Assert.Equal(expected, LogLine.Printable(line));

    [Fact]
    public void Log_ReaderGone_DoesNotThrow()
    {
        using var closed = new BrokenWriter();

        new HostConsole(closed, closed, colour: false).Log("portal", "hello");
    }

    private sealed class BrokenWriter : StringWriter
    {
        public override void WriteLine(string? value) => throw new IOException("Broken pipe");
    }
}
