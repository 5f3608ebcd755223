using AspireGateway.AppHost.Local.Data;
using AspireGateway.AppHost.Local.Start;

namespace AspireGateway.AppHost.Tests.Data;

public sealed class DatabaseFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Outside => _folder.In("outside");

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private DataFolder OpenData(string name = "data") => DataFolder.Open(_folder.In(name)).Value;

    private DatabaseFolder Database(DataFolder data, bool reachable = false) =>
        new(data, new FakeAccess(folder => reachable || folder.StartsWith(Outside, StringComparison.Ordinal)), Outside);

    [Fact]
    public async Task Resolve_OwnUser_StaysInside()
    {
        using var data = OpenData();

        Assert.Equal(data.In("postgres"), (await Database(data).ResolveAsync(null, Token)).Value);
    }

    [Fact]
    public async Task Resolve_OtherUserWhoReachesTheFolder_StaysInside()
    {
        using var data = OpenData();

        Assert.Equal(data.In("postgres"), (await Database(data, reachable: true).ResolveAsync("postgres", Token)).Value);
        Assert.False(Directory.Exists(Outside));
    }

    [Fact]
    public async Task Resolve_UnreachableFolder_GoesOutsideAndComesBackThere()
    {
        using var data = OpenData();
        var first = (await Database(data).ResolveAsync("postgres", Token)).Value;
        File.WriteAllText(Path.Combine(first, "kept"), "");

        var second = (await Database(data).ResolveAsync("postgres", Token)).Value;

        Assert.StartsWith(Outside, first);
        Assert.Equal(first, second);
        Assert.True(File.Exists(Path.Combine(second, "kept")));
        Assert.False(Directory.Exists(data.In("postgres")));
        Assert.True(Database(data).Exists());
    }

    [Fact]
    public async Task Resolve_DataFolderDeleted_RemovesWhatWasOutside()
    {
        string first;
        using (var data = OpenData())
            first = (await Database(data).ResolveAsync("postgres", Token)).Value;
        Directory.Delete(_folder.In("data"), recursive: true);

        using var fresh = OpenData();
        var second = (await Database(fresh).ResolveAsync("postgres", Token)).Value;

        Assert.NotEqual(first, second);
        Assert.False(Directory.Exists(Path.GetDirectoryName(first)));
        Assert.Single(Directory.GetDirectories(Outside));
    }

    [Fact]
    public async Task Resolve_AnotherClonesFolder_IsLeftAlone()
    {
        using var mine = OpenData("mine");
        using var other = OpenData("other");
        var otherFolder = (await Database(other).ResolveAsync("postgres", Token)).Value;

        await Database(mine).ResolveAsync("postgres", Token);

        Assert.True(Directory.Exists(otherFolder));
    }

    [Fact]
    public async Task Resolve_MovedClone_KeepsItsDatabase()
    {
        string first;
        using (var data = OpenData())
            first = (await Database(data).ResolveAsync("postgres", Token)).Value;
        Directory.Move(_folder.In("data"), _folder.In("moved"));

        using var moved = OpenData("moved");

        Assert.Equal(first, (await Database(moved).ResolveAsync("postgres", Token)).Value);
    }

    [Fact]
    public async Task Resolve_CopiedDataFolder_IsRefused()
    {
        using var data = OpenData();
        await Database(data).ResolveAsync("postgres", Token);
        using var copy = OpenData("copy");
        File.Copy(data.In("postgres-outside"), copy.In("postgres-outside"));

        var message = (await Database(copy).ResolveAsync("postgres", Token)).Fault?.Message;

        Assert.Contains($"{copy.FullPath} is a copy of {data.FullPath}", message);
    }

    [Theory]
    [InlineData("0123")]
    [InlineData("../escape")]
    [InlineData("")]
    public async Task Resolve_MarkerWithoutFolder_SaysWhatToDo(string marker)
    {
        using var data = OpenData();
        File.WriteAllText(data.In("postgres-outside"), marker);
        Directory.CreateDirectory(_folder.In("escape"));

        var message = (await Database(data).ResolveAsync("postgres", Token)).Fault?.Message;

        Assert.Contains("restore it, or delete", message);
    }

    private sealed class FakeAccess(Func<string, bool> reaches) : IFolderAccess
    {
        public Task<Fault?> GiveAsync(string user, string folder, CancellationToken cancellationToken)
        {
            Directory.CreateDirectory(folder);
            return Task.FromResult<Fault?>(null);
        }

        public Task<bool> CanReachAsync(string user, string folder, CancellationToken cancellationToken) => Task.FromResult(reaches(folder));
    }
}
