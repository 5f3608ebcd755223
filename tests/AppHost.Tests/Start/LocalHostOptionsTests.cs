using AspireGateway.AppHost.Local.Start;

namespace AspireGateway.AppHost.Tests.Start;

public sealed class LocalHostOptionsTests
{
    [Fact]
    public void Parse_NoArguments_GivesTheDocumentedDefaults() =>
        Assert.Equal(new LocalHostOptions(Replicas: 1, PortBase: 8080, DataPath: null), LocalHostOptions.Parse([]).Value);

    [Theory]
    [InlineData("--replicas", "3", "--port-base", "9080", "--data", "/srv/x")]
    [InlineData("--replicas=3", "--port-base=9080", "--data=/srv/x")]
    public void Parse_BothSpellings_AreRead(params string[] args) =>
        Assert.Equal(new LocalHostOptions(3, 9080, "/srv/x"), LocalHostOptions.Parse(args).Value);

    [Theory]
    [InlineData("--replica", "unknown option --replica")]
    [InlineData("--replicas", "--replicas needs a value")]
    [InlineData("--replicas=0", "from 1 to 8, not '0'")]
    [InlineData("--replicas=9", "from 1 to 8, not '9'")]
    [InlineData("--replicas=-1", "from 1 to 8, not '-1'")]
    [InlineData("--port-base=80", "from 1024 to 65500, not '80'")]
    [InlineData("--port-base=65501", "from 1024 to 65500, not '65501'")]
    [InlineData("--port-base=eight", "not 'eight'")]
    [InlineData("--data=", "--data needs a value")]
    [InlineData("serve", "unknown option serve")]
    public void Parse_BadArgument_SaysWhatIsWrong(string argument, string expected) =>
        Assert.Contains(expected, LocalHostOptions.Parse([argument]).Fault?.Message);

    [Fact]
    public void Parse_OptionInPlaceOfAValue_IsNotSwallowed() =>
        Assert.Contains("--data needs a value", LocalHostOptions.Parse(["--data", "--replicas", "2"]).Fault?.Message);

    [Fact]
    public void Parse_Help_WinsOverTheRest() => Assert.True(LocalHostOptions.Parse(["--help", "--bogus"]).Value.ShowHelp);

    [Theory]
    [InlineData("--replicas N")]
    [InlineData("--port-base N")]
    [InlineData("--data DIR")]
    public void Usage_NamesEachOption(string option) => Assert.Contains(option, LocalHostOptions.Usage);
}
