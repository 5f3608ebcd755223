using System.Globalization;
using System.Net.Sockets;

namespace AspireGateway.Integration.Tests.Stores;

/// <summary>A real Redis: one of the test's own from the local binary, or the one that <c>TEST_REDIS</c> names.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private readonly string? folder;
    private readonly int port;
    private readonly string maxmemoryPolicy;
    private readonly string[] settings;
    private ChildProcess? server;

    private RedisServer(string? folder, int port, string connectionString, string maxmemoryPolicy, string[] settings)
    {
        this.settings = settings;
        this.maxmemoryPolicy = maxmemoryPolicy;
        this.folder = folder;
        this.port = port;
        ConnectionString = connectionString;
    }

    /// <summary>Its connection string, in the form that StackExchange.Redis reads.</summary>
    public string ConnectionString { get; }

    /// <summary>The server that <c>TEST_REDIS</c> names, else a private one.</summary>
    public static async Task<RedisServer> StartSharedAsync() =>
        Environment.GetEnvironmentVariable("TEST_REDIS") is { Length: > 0 } given ? new RedisServer(null, 0, given, "", []) : await StartPrivateAsync();

    /// <summary>A server of one test alone, which may be stopped and frozen.</summary>
    /// <param name="maxmemoryPolicy">What it does when memory runs out; the ledger's must refuse writes.</param>
    /// <param name="settings">Further options and their values, as the command line takes them.</param>
    public static async Task<RedisServer> StartPrivateAsync(string maxmemoryPolicy = "noeviction", params string[] settings)
    {
        var freePort = FreePorts.Next();
        var started = new RedisServer(ServerFolder.Create("redis"), freePort, string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{freePort}"), maxmemoryPolicy, settings);
        await started.StartAsync();
        return started;
    }

    /// <summary>A prefix for one test's keys.</summary>
    public static string KeyPrefix() => $"test:{Guid.NewGuid():N}:";

    /// <summary>Starts a private server, empty, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        if (folder is null) throw new InvalidOperationException("The server of TEST_REDIS is not ours to start.");
        server = await ChildProcess.StartAsync(
            ServerFolder.Find("redis-server"),
            [
                "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no",
                "--maxmemory-policy", maxmemoryPolicy, "--daemonize", "no", .. settings,
            ]);
        await Eventually.HoldsAsync(
            async () =>
            {
                if (!server.IsRunning) throw new InvalidOperationException("Redis ended: " + await server.WrittenAsync());
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port);
                await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());
                var answer = new byte[7];
                await client.GetStream().ReadExactlyAsync(answer);
                return answer.AsSpan().SequenceEqual("+PONG\r\n"u8);
            },
            TimeSpan.FromSeconds(30), "Redis answers");
    }

    /// <summary>Stops a private server; its data is gone.</summary>
    public Task StopAsync() => Own.StopAsync();

    /// <summary>Kills a private server without a word; its data is gone.</summary>
    public Task KillAsync() => Own.KillAsync();

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
        if (server is not null) await server.DisposeAsync();
        if (folder is not null) ServerFolder.Delete(folder);
    }

    private ChildProcess Own => server ?? throw new InvalidOperationException("The server of TEST_REDIS is not ours to stop.");
}
