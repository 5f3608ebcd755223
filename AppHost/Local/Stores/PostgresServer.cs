using System.Globalization;
using AspireGateway.AppHost.Local.Children;
using AspireGateway.AppHost.Local.Data;
using AspireGateway.AppHost.Local.Start;

namespace AspireGateway.AppHost.Local.Stores;

/// <summary>A private Postgres cluster: made at the first start, reachable on loopback with a password only.</summary>
/// <param name="binaries">The server programs.</param>
/// <param name="folder">Belongs to the server's user; the cluster is its sub-folder <c>data</c>.</param>
/// <param name="port">The loopback port.</param>
/// <param name="password">Of user <c>postgres</c>.</param>
/// <param name="runAs">The server's user when the host is root.</param>
/// <param name="tool">Runs initdb and its like.</param>
/// <param name="environment">The environment for all of them.</param>
internal sealed class PostgresServer(
    PostgresBinaries binaries,
    string folder,
    int port,
    string password,
    string? runAs,
    Tool tool,
    IReadOnlyDictionary<string, string> environment)
{
    private const string User = "postgres";
    private const string Database = "gatewaydb";
    private static readonly TimeSpan s_initDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_toolDeadline = TimeSpan.FromSeconds(15);

    /// <summary>The resource's name.</summary>
    public const string Name = "postgres";

    /// <summary>The cluster's folder below the one that the user owns.</summary>
    public static string ClusterFolder(string folder) => Path.Combine(folder, "data");

    /// <summary>In the form that Aspire gives to <c>ConnectionStrings__gatewaydb</c>.</summary>
    public string ConnectionString => $"Host=127.0.0.1;Port={port};Username={User};Password={password};Database={Database}";

    /// <summary>How the server is started; durability stays on, replication and its cost stay off.</summary>
    public ChildSpec Spec => new(Name, binaries.Program("postgres"),
    [
        "-D", ClusterFolder(folder), "-p", port.ToString(CultureInfo.InvariantCulture),
        "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=",
        "-c", "shared_buffers=64MB", "-c", "max_wal_size=256MB", "-c", "wal_level=minimal", "-c", "max_wal_senders=0",
        "-c", "jit=off", "-c", "max_connections=200", "-c", "logging_collector=off", "-c", "log_checkpoints=off",
        // An error and its statement may hold what a user typed; the service that caused it tells it in its own words.
        "-c", "log_min_messages=log", "-c", "log_min_error_statement=panic",
    ])
    {
        Environment = environment,
        StopSignal = Signal.Interrupt,
        StopWithin = TimeSpan.FromSeconds(15),
        DeathSignal = Signal.Interrupt,
        RunAs = runAs,
    };

    /// <summary>Makes the cluster where there is none. It gets its final name only when complete.</summary>
    public async Task<Fault?> InitialiseAsync(CancellationToken cancellationToken)
    {
        var cluster = ClusterFolder(folder);
        if (Directory.Exists(cluster))
            return null;

        var building = Path.Combine(folder, "data.new");
        if (Directory.Exists(building))
            Directory.Delete(building, recursive: true);
        var passwordFile = Path.Combine(folder, "password");
        PrivateFile.Write(passwordFile, password);
        try
        {
            if (runAs is not null)
            {
                var given = await tool.RunAsync("chown", [$"{runAs}:", passwordFile], environment, s_toolDeadline, cancellationToken);
                if (given.ExitCode != 0)
                    return new Fault($"cannot give {passwordFile} to user {runAs}: {given.Reason}");
            }

            var made = await tool.RunAsync(
                binaries.Program("initdb"),
                ["-D", building, "-U", User, "--auth=scram-sha-256", $"--pwfile={passwordFile}", "-E", "UTF8", "--locale=C.UTF-8"],
                environment, s_initDeadline, cancellationToken, runAs);
            if (made.ExitCode != 0)
                return new Fault($"cannot make a Postgres cluster in {folder}: {made.Reason}");
        }
        finally
        {
            File.Delete(passwordFile);
        }

        Directory.Move(building, cluster);
        return null;
    }

    /// <summary>Whether this very server takes connections now; null when it does, else what is in the way.</summary>
    /// <remarks>
    /// Postgres keeps its state in the eighth line of <c>postmaster.pid</c> (utils/pidfile.h). Asking the port instead could
    /// reach another server.
    /// </remarks>
    public string? Probe(int processId)
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(ClusterFolder(folder), "postmaster.pid"));
            return lines.Length >= 8 && lines[0].Trim() == processId.ToString(CultureInfo.InvariantCulture) && lines[7].Trim() == "ready"
                ? null
                : "not taking connections yet";
        }
        catch (IOException)
        {
            return "not started yet";
        }
    }

    /// <summary>Makes the database where it is missing, as Aspire's <c>AddDatabase</c> does; proves the password on the way.</summary>
    public async Task<Fault?> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var withPassword = new Dictionary<string, string>(environment, StringComparer.Ordinal) { ["PGPASSWORD"] = password };
        string[] server = ["-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-U", User, "--no-password"];
        var there = await tool.RunAsync(
            binaries.Program("psql"), [.. server, "-d", "postgres", "-tAc", $"select 1 from pg_database where datname = '{Database}'"],
            withPassword, s_toolDeadline, cancellationToken);
        if (there.Error.Contains("password authentication failed", StringComparison.Ordinal))
            return new Fault($"secrets.json does not fit the database in {folder}: restore the one it was made with, or delete the data folder for a factory reset");
        if (there.ExitCode != 0)
            return new Fault($"Postgres in {folder} cannot be used: {there.Reason}");
        if (there.Output == "1")
            return null;

        var made = await tool.RunAsync(binaries.Program("createdb"), [.. server, Database], withPassword, s_toolDeadline, cancellationToken);
        return made.ExitCode == 0 ? null : new Fault($"cannot make database {Database}: {made.Reason}");
    }
}
