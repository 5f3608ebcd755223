using System.Globalization;
using System.Net.Sockets;
using System.Text;
using AspireGateway.AppHost.Local.Children;
using AspireGateway.AppHost.Local.Data;

namespace AspireGateway.AppHost.Local.Stores;

/// <summary>
/// A private Redis: loopback, a password, an append-only file, and no eviction, because it holds money counters.
/// </summary>
/// <param name="program">The full path of <c>redis-server</c>.</param>
/// <param name="folder">Its data and configuration, readable for the owner alone.</param>
/// <param name="port">The loopback port.</param>
/// <param name="password">Required of every client.</param>
/// <param name="environment">Its environment.</param>
internal sealed class RedisServer(string program, string folder, int port, string password, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>The resource's name: that of its connection string.</summary>
    public const string Name = "cache";

    /// <summary>In the form that Aspire gives to <c>ConnectionStrings__cache</c>.</summary>
    public string ConnectionString => $"127.0.0.1:{port},password={password}";

    /// <summary>How the server is started: the password is in the file, where no process list shows it.</summary>
    public ChildSpec Spec => new(Name, program, [ConfigurationPath])
    {
        Environment = environment,
        WorkingDirectory = folder,
        StopWithin = TimeSpan.FromSeconds(10),
        DeathSignal = Signal.Kill,
    };

    /// <summary>The file with the process id of the server that last used the folder.</summary>
    public static string ProcessIdFile(string folder) => Path.Combine(folder, "redis.pid");

    private string ConfigurationPath => Path.Combine(folder, "redis.conf");

    /// <summary>Writes the configuration, anew at each start.</summary>
    public void WriteConfiguration() => PrivateFile.Write(ConfigurationPath, string.Create(CultureInfo.InvariantCulture, $"""
        bind 127.0.0.1
        port {port}
        requirepass {password}
        dir "{folder}"
        pidfile "{ProcessIdFile(folder)}"
        daemonize no
        always-show-logo no
        loglevel warning
        appendonly yes
        appendfsync everysec
        save ""
        maxmemory-policy noeviction

        """));

    /// <summary>Asks the server for a sign of life; null when it answers, else what is in the way.</summary>
    public async Task<string?> ProbeAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port, cancellationToken);
            var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH {password}\r\nPING\r\n"), cancellationToken);
            using var reader = new StreamReader(stream, Encoding.ASCII);
            var authenticated = await reader.ReadLineAsync(cancellationToken);
            var answer = await reader.ReadLineAsync(cancellationToken);
            return answer == "+PONG" ? null : answer ?? authenticated ?? "no answer";
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return e.Message;
        }
    }
}
