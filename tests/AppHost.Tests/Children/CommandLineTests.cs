using AspireGateway.AppHost.Local.Children;

namespace AspireGateway.AppHost.Tests.Children;

public sealed class CommandLineTests
{
    private static readonly ChildSpec s_postgres = new("postgres", "/bin/postgres", ["-D", "/data"])
    {
        Environment = new Dictionary<string, string>(),
        DeathSignal = Signal.Interrupt,
        RunAs = "postgres",
    };

    [Fact]
    public void Build_OtherUser_LeavesTheSessionThenTheUserThenTiesToTheParent() => Assert.Equal(
        ["/setsid", "/setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups", "--inh-caps=-all", "--pdeathsig", "INT", "--", "/bin/postgres", "-D", "/data"],
        new CommandLine("/setsid", "/setpriv").Build(s_postgres));

    [Fact]
    public void Build_OwnUser_KeepsIt() => Assert.Equal(
        ["/setsid", "/setpriv", "--pdeathsig", "KILL", "--", "/bin/postgres", "-D", "/data"],
        new CommandLine("/setsid", "/setpriv").Build(s_postgres with { RunAs = null, DeathSignal = Signal.Kill }));

    [Fact]
    public void Build_WithoutTheTools_StartsTheProgramItself() =>
        Assert.Equal(["/bin/postgres", "-D", "/data"], new CommandLine(null, null).Build(s_postgres with { RunAs = null }));

    [Theory]
    [InlineData("dotnet\0run\0--project\0AppHost\0", true)]
    [InlineData("/usr/bin/dotnet\0watch\0run\0", true)]
    [InlineData("dotnet\0AppHost.dll\0", false)]
    [InlineData("/bin/bash\0./run.sh\0", false)]
    [InlineData("", false)]
    public void IsDotnetRun_CommandLine_IsRecognised(string commandLine, bool expected) =>
        Assert.Equal(expected, ParentWatch.IsDotnetRun(commandLine));
}
