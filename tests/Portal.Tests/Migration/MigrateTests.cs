using System.Diagnostics;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Migration;
using AspireGateway.Portal.Tests.Host;
using Npgsql;

namespace AspireGateway.Portal.Tests.Migration;

/// <summary><c>Portal migrate</c>, as a process of its own and with everything that can be wrong.</summary>
public sealed class MigrateTests(PostgresFixture postgres)
{
    private const string DemoKey = "agw-demo-key-of-the-tests-0000000";

    [Fact]
    public async Task Migrate_ByThreeProcessesAtOnce_MakesOneSchemaAndOneSeed()
    {
        // A database that does not exist yet.
        var connectionString = await NewNameAsync();
        var runs = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RunProcessAsync(connectionString)));
        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.Written));

        await using var database = NpgsqlDataSource.Create(connectionString);
        Assert.Equal(1L, await ScalarAsync(database, "select count(*) from organisations"));
        Assert.Equal(1L, await ScalarAsync(database, "select revision from configuration_state"));
        Assert.Equal(5L, await ScalarAsync(database, "select count(*) from pg_inherits where inhparent = 'usage_records'::regclass"));
        Assert.All(runs, run => Assert.DoesNotContain(DemoKey, run.Written, StringComparison.Ordinal));

        // Again: no migration, no seed, no revision.
        var again = await RunProcessAsync(connectionString);
        Assert.True(again.ExitCode == 0, again.Written);
        Assert.Contains("up to date", again.Written, StringComparison.Ordinal);
        Assert.Equal(1L, await ScalarAsync(database, "select revision from configuration_state"));
        Assert.Equal(1L, await ScalarAsync(database, "select count(*) from virtual_keys"));
    }

    [Theory]
    [InlineData("", "no connection string")]
    [InlineData("this is not one", "not a Postgres connection string")]
    [InlineData("Host=127.0.0.1;Port=1;Username=x;Password=do-not-print;Database=y;Timeout=3", "cannot be reached")]
    [InlineData("Host=no-such-host.invalid;Username=x;Password=do-not-print;Database=y;Timeout=3", "cannot be reached")]
    public async Task Migrate_ThatCannot_SaysSoInOneLine(string connectionString, string says)
    {
        var (code, written) = await RunHereAsync($"--ConnectionStrings:gatewaydb={connectionString}", $"--Gateway:MasterKey={PortalHost.MasterKey}");
        Assert.Equal(1, code);
        Assert.Single(written.TrimEnd().Split('\n'));
        Assert.Contains(says, written, StringComparison.Ordinal);
        Assert.DoesNotContain("do-not-print", written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrate_WithAWrongUser_SaysSoInOneLine()
    {
        var wrong = new NpgsqlConnectionStringBuilder(await NewNameAsync()) { Username = "nobody", Password = "do-not-print" }.ConnectionString;
        var (code, written) = await RunHereAsync($"--ConnectionStrings:gatewaydb={wrong}", $"--Gateway:MasterKey={PortalHost.MasterKey}");
        Assert.Equal(1, code);
        Assert.Equal("migrate: Postgres refused the user name or password of ConnectionStrings__gatewaydb.", written.TrimEnd());
    }

    [Theory]
    [InlineData("--Gateway:MasterKey=", "Gateway__MasterKey is not set")]
    [InlineData("--Gateway:MasterKey=AAAA", "Gateway__MasterKey is not the base64 form")]
    [InlineData("--Seed:DemoKey=short", "Seed__DemoKey must begin with agw-")]
    [InlineData("--Seed:SimulatorUrl=ftp://x", "Seed__SimulatorUrl: base_url is an absolute address")]
    public async Task Migrate_WithABadSetting_SaysSoInOneLine(string setting, string says)
    {
        var (code, written) = await RunHereAsync(
            $"--ConnectionStrings:gatewaydb={await NewNameAsync()}", $"--Gateway:MasterKey={PortalHost.MasterKey}", setting);
        Assert.Equal(1, code);
        Assert.StartsWith($"migrate: {says}", written, StringComparison.Ordinal);
        Assert.Single(written.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Migrate_WithSeedingOff_NeedsNoMasterKeyAndMakesNothing()
    {
        var connectionString = await NewNameAsync();
        var (code, written) = await RunHereAsync($"--ConnectionStrings:gatewaydb={connectionString}", "--Seed:Enabled=false");
        Assert.True(code == 0, written);
        await using var database = NpgsqlDataSource.Create(connectionString);
        Assert.Equal(0L, await ScalarAsync(database, "select count(*) from organisations"));
    }

    private async Task<string> NewNameAsync() =>
        new NpgsqlConnectionStringBuilder(await postgres.Server.CreateDatabaseAsync()) { Database = $"agw_{Guid.NewGuid():N}" }.ConnectionString;

    private static async Task<(int ExitCode, string Written)> RunHereAsync(params string[] args)
    {
        await using var errors = new StringWriter();
        return (await MigrateVerb.RunAsync(args, errors), errors.ToString());
    }

    private static async Task<(int ExitCode, string Written)> RunProcessAsync(string connectionString)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(ConfigurationStore).Assembly.Location, "migrate"])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = AppContext.BaseDirectory,
        };
        start.Environment["ConnectionStrings__gatewaydb"] = connectionString;
        start.Environment["Gateway__MasterKey"] = PortalHost.MasterKey;
        start.Environment["Seed__SimulatorUrl"] = "http://127.0.0.1:8089";
        start.Environment["Seed__DemoKey"] = DemoKey;
        foreach (var variable in new[] { "OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GEMINI_API_KEY" }) start.Environment.Remove(variable);
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return (process.ExitCode, await output + await errors);
    }

    private static async Task<long> ScalarAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
