using AspireGateway.AppHost.Local.Stores;

namespace AspireGateway.AppHost.Tests.Stores;

public sealed class FormerServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void StillRunning_SameProgram_IsFound()
    {
        _folder.Write("proc/4711/comm", "postgres\n");

        Assert.Equal(4711, Ask("4711\n/data\n1\n"));
    }

    [Fact]
    public void StillRunning_ProcessIdReused_IsNotMistaken()
    {
        _folder.Write("proc/4711/comm", "bash\n");

        Assert.Null(Ask("4711\n"));
    }

    [Theory]
    [InlineData("4711\n")]
    [InlineData("")]
    [InlineData("garbage")]
    public void StillRunning_NobodyThere_IsNull(string content) => Assert.Null(Ask(content));

    [Fact]
    public void StillRunning_NoFile_IsNull() => Assert.Null(FormerServer.StillRunning(_folder.In("absent"), "postgres", _folder.In("proc")));

    private int? Ask(string content) => FormerServer.StillRunning(_folder.Write("pid", content), "postgres", _folder.In("proc"));
}
