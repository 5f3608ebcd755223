using AspireGateway.AppHost.Local.Data;

namespace AspireGateway.AppHost.Tests.Data;

public sealed class HostSecretsTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly TemporaryFolder _folder = new();

    private string SecretsPath => _folder.In("secrets.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Generate_Twice_HasTheContractsShapeAndDiffers()
    {
        var first = HostSecrets.Generate();

        Assert.Equal(32, Convert.FromBase64String(first.MasterKey).Length);
        Assert.Matches("^agw-[A-Za-z0-9_-]{32}$", first.DemoKey);
        Assert.DoesNotContain(',', first.RedisPassword);
        Assert.DoesNotContain(';', first.PostgresPassword);
        Assert.NotEqual(first, HostSecrets.Generate());
    }

    [Fact]
    public void LoadOrCreate_SecondStart_ReadsWhatTheFirstMade()
    {
        var made = HostSecrets.LoadOrCreate(SecretsPath, databaseExists: false).Value;

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(SecretsPath));
        Assert.Equal(made, HostSecrets.LoadOrCreate(SecretsPath, databaseExists: true).Value);
    }

    [Fact]
    public void LoadOrCreate_FileReadableForOthers_IsClosedAgain()
    {
        HostSecrets.LoadOrCreate(SecretsPath, databaseExists: false);
        File.SetUnixFileMode(SecretsPath, OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead);

        HostSecrets.LoadOrCreate(SecretsPath, databaseExists: true);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(SecretsPath));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"masterKey":"c2hvcnQ=","demoKey":"agw-x","adminToken":"a","postgresPassword":"p","redisPassword":"r"}""")]
    [InlineData("""{"masterKey":"not base64","demoKey":"agw-x","adminToken":"a","postgresPassword":"p","redisPassword":"r"}""")]
    public void LoadOrCreate_DamagedFile_NamesItAndIsLeftAlone(string content)
    {
        File.WriteAllText(SecretsPath, content);

        var message = HostSecrets.LoadOrCreate(SecretsPath, databaseExists: true).Fault?.Message;

        Assert.Contains(SecretsPath, message);
        Assert.Contains($"delete {_folder.FullPath} for a factory reset", message);
        Assert.DoesNotContain('\n', message!);
        Assert.Equal(content, File.ReadAllText(SecretsPath));
    }

    [Fact]
    public void LoadOrCreate_MissingBesideADatabase_MakesNoNewOnes()
    {
        var message = HostSecrets.LoadOrCreate(SecretsPath, databaseExists: true).Fault?.Message;

        Assert.Contains("is missing, but the database was made with it", message);
        Assert.False(File.Exists(SecretsPath));
    }
}
