using AspireGateway.AppHost.Local.Data;

namespace AspireGateway.AppHost.Tests.Data;

public sealed class DataFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Open_Held_NamesTheHolderAndTheWayOut()
    {
        using var held = DataFolder.Open(_folder.In("data")).Value;

        var message = DataFolder.Open(_folder.In("data")).Fault?.Message;

        Assert.Contains($"another host (process {Environment.ProcessId}) already runs on {_folder.In("data")}", message);
        Assert.Contains("--data DIR --port-base N", message);
    }

    [Fact]
    public void Open_AfterTheHolderLeft_Succeeds()
    {
        DataFolder.Open(_folder.In("data")).Value.Dispose();

        using var again = DataFolder.Open(_folder.In("data")).Value;

        Assert.Equal(_folder.In("data"), again.FullPath);
    }

    [Fact]
    public void Open_PathIsAFile_SaysSo()
    {
        var path = _folder.Write("file", "");

        Assert.Contains($"the data folder {path} cannot be used", DataFolder.Open(path).Fault?.Message);
    }

    [Fact]
    public void Open_NewFolder_LetsOthersThroughButNotIn()
    {
        using var data = DataFolder.Open(_folder.In("data")).Value;

        var others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(data.FullPath) & others);
    }

    [Fact]
    public void FindRoot_BelowTheSolution_GoesUpToIt()
    {
        _folder.Write("clone/AspireGateway.sln", "");
        var deep = Directory.CreateDirectory(_folder.In("clone", "AppHost", "bin")).FullName;

        Assert.Equal(_folder.In("clone"), DataFolder.FindRoot(deep));
        Assert.Null(DataFolder.FindRoot(_folder.FullPath));
    }
}
