using System.Globalization;
using AspireGateway.Shared.Data;
using Npgsql;

namespace AspireGateway.Integration.Tests.Stores;

/// <summary>A real Postgres: one of the test's own from the local binaries, or the one that <c>TEST_POSTGRES</c> names.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private readonly string? folder;
    private readonly int port;
    private readonly string connectionString;
    private readonly SemaphoreSlim templateGate = new(1, 1);
    private readonly string template = $"agw_template_{Guid.NewGuid():N}";
    private readonly List<string> databases = [];
    private bool templateIsReady;
    private ChildProcess? server;

    private PostgresServer(string? folder, int port, string connectionString)
    {
        this.folder = folder;
        this.port = port;
        this.connectionString = connectionString;
    }

    /// <summary>The server that <c>TEST_POSTGRES</c> names (its user may create databases), else a private one.</summary>
    public static async Task<PostgresServer> StartSharedAsync() =>
        Environment.GetEnvironmentVariable("TEST_POSTGRES") is { Length: > 0 } given ? new PostgresServer(null, 0, given) : await StartPrivateAsync();

    /// <summary>A server of one test alone, which may be stopped and frozen.</summary>
    public static async Task<PostgresServer> StartPrivateAsync()
    {
        var data = ServerFolder.Create("postgres");
        if (Environment.IsPrivilegedProcess) await ChildProcess.RunAsync("chown", ["postgres:postgres", data]);
        await ChildProcess.RunAsync(
            ServerFolder.Find("initdb"), ["-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"], asPostgres: true);
        var freePort = FreePorts.Next();
        var started = new PostgresServer(
            data, freePort, string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={freePort};Username=postgres;Database=postgres;Timeout=5"));
        await started.StartAsync();
        return started;
    }

    /// <summary>A new database with the whole schema and nothing in it.</summary>
    /// <returns>Its connection string.</returns>
    public async Task<string> CreateDatabaseAsync()
    {
        await templateGate.WaitAsync();
        try
        {
            if (!templateIsReady) await DatabaseMigrator.MigrateAsync(For(template), CancellationToken.None);
            templateIsReady = true;
            var name = $"agw_{Guid.NewGuid():N}";
            await ExecuteAsync($"create database {name} template {template}");
            databases.Add(name);
            return For(name);
        }
        finally
        {
            templateGate.Release();
        }
    }

    /// <summary>Ends every connection to a database except this one's, as an administrator or a failover would.</summary>
    public Task DisconnectAllAsync(string database) =>
        ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()", new NpgsqlConnectionStringBuilder(database).Database!);

    /// <summary>Starts a private server and waits until it answers.</summary>
    public async Task StartAsync()
    {
        server = await ChildProcess.StartAsync(
            ServerFolder.Find("postgres"),
            [
                "-D", OwnFolder, "-p", port.ToString(CultureInfo.InvariantCulture), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
                "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "wal_level=minimal", "-c", "max_wal_senders=0",
                "-c", "jit=off", "-c", "max_connections=200", "-c", "shared_buffers=64MB", "-c", "logging_collector=off",
            ],
            asPostgres: true, deathSignal: "INT");
        await Eventually.HoldsAsync(
            async () =>
            {
                if (!server.IsRunning) throw new InvalidOperationException("Postgres ended: " + await server.WrittenAsync());
                await ExecuteAsync("select 1");
                return true;
            },
            TimeSpan.FromSeconds(60), "Postgres answers");
    }

    /// <summary>Stops a private server; its data stays.</summary>
    public Task StopAsync() => Own.StopAsync();

    /// <summary>Freezes a private server: connections stay open, nothing answers.</summary>
    public Task FreezeAsync()
    {
        Own.Freeze();
        return Task.CompletedTask;
    }

    /// <summary>Lets a frozen server go on.</summary>
    public Task ThawAsync()
    {
        Own.Thaw();
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (folder is null)
        {
            foreach (var database in (string[])[.. databases, template]) await ExecuteAsync($"drop database if exists {database} with (force)");
        }
        else
        {
            if (server is not null) await server.DisposeAsync();
            ServerFolder.Delete(folder);
        }
        templateGate.Dispose();
    }

    private string OwnFolder => folder ?? throw new InvalidOperationException("The server of TEST_POSTGRES is not ours to stop.");

    private ChildProcess Own => server ?? throw new InvalidOperationException("The server of TEST_POSTGRES is not ours to stop.");

    private string For(string database) => new NpgsqlConnectionStringBuilder(connectionString) { Database = database }.ConnectionString;

    private async Task ExecuteAsync(string sql, params string[] arguments)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var argument in arguments) command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = argument });
        await command.ExecuteNonQueryAsync();
    }
}
