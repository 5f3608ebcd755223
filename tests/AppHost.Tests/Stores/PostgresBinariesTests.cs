using AspireGateway.AppHost.Local.Start;
using AspireGateway.AppHost.Local.Stores;

namespace AspireGateway.AppHost.Tests.Stores;

public sealed class PostgresBinariesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15)]
    [InlineData("postgres (PostgreSQL) 18beta1", 18)]
    [InlineData("no such file", null)]
    [InlineData("", null)]
    public void ParseMajor_VersionLine_IsRead(string line, int? expected) => Assert.Equal(expected, PostgresBinaries.ParseMajor(line));

    [Fact]
    public async Task Choose_NoData_TakesTheFirstComplete()
    {
        Directory.CreateDirectory(_folder.In("empty"));

        Assert.Equal(16, (await ChooseAsync("absent", "empty", Install(16), Install(15))).Value.Major);
    }

    [Fact]
    public async Task Choose_Data_TakesTheVersionThatMadeIt()
    {
        MakeCluster("15\n");

        Assert.Equal(15, (await ChooseAsync(Install(16), Install(15))).Value.Major);
    }

    [Fact]
    public async Task Choose_ForeignVersion_NamesBothAndThePackage()
    {
        MakeCluster("13\n");

        var message = (await ChooseAsync(Install(16), Install(15))).Fault?.Message;

        Assert.Contains("was made by Postgres 13, this machine has 16, 15: install postgresql-13", message);
    }

    [Fact]
    public async Task Choose_NothingInstalled_NamesThePackage() =>
        Assert.Contains("apt install postgresql", (await ChooseAsync("absent")).Fault?.Message);

    [Theory]
    [InlineData(null)]
    [InlineData("many")]
    public async Task Choose_FolderWithoutAVersion_IsBroken(string? version)
    {
        MakeCluster(version);

        Assert.Contains("holds no Postgres cluster", (await ChooseAsync(Install(15))).Fault?.Message);
    }

    private void MakeCluster(string? version)
    {
        Directory.CreateDirectory(_folder.In("data"));
        if (version is not null)
            _folder.Write("data/PG_VERSION", version);
    }

    private string Install(int major)
    {
        foreach (var program in new[] { "initdb", "postgres", "psql", "createdb" })
            _folder.Write($"{major}/{program}", "");
        return major.ToString();
    }

    private Task<Outcome<PostgresBinaries>> ChooseAsync(params string[] candidates) => PostgresBinaries.ChooseAsync(
        candidates.Select(name => _folder.In(name)), _folder.In("data"),
        program => Task.FromResult<int?>(int.Parse(Path.GetFileName(Path.GetDirectoryName(program))!)));
}
