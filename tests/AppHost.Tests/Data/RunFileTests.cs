using System.Text.Json;
using AspireGateway.AppHost.Local.Data;

namespace AspireGateway.AppHost.Tests.Data;

public sealed class RunFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_AllFacts_GivesTheDocumentedJsonForTheOwnerAlone()
    {
        var path = _folder.In(RunFile.Name);

        new RunFile("http://g", "http://p", "http://s", "agw-x", "admin", "http://p/signin?token=a&b").Write(path);

        using var json = JsonDocument.Parse(File.ReadAllText(path));
        Assert.Equal(
            ["gateway=http://g", "portal=http://p", "simulator=http://s", "demoKey=agw-x", "adminToken=admin", "signInUrl=http://p/signin?token=a&b"],
            json.RootElement.EnumerateObject().Select(p => $"{p.Name}={p.Value}"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal([path], Directory.GetFiles(_folder.FullPath));
    }

    [Fact]
    public void Write_UrlWithAmpersand_StaysReadableForGrep()
    {
        var path = _folder.In(RunFile.Name);

        new RunFile("g", "p", null, "k", "a", "http://p/?x&y").Write(path);

        Assert.Contains("http://p/?x&y", File.ReadAllText(path));
    }

    [Fact]
    public void Write_NoSimulator_IsNull()
    {
        var path = _folder.In(RunFile.Name);

        new RunFile("g", "p", null, "k", "a", null).Write(path);

        using var json = JsonDocument.Parse(File.ReadAllText(path));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("simulator").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("signInUrl").ValueKind);
    }
}
