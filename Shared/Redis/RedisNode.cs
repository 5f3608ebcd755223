using System.Net;
using Microsoft.Extensions.Logging;

namespace AspireGateway.Shared.Redis;

/// <summary>One server, or several of which one is the primary: keeps a connection to it and says how it is.</summary>
/// <param name="endpoints">Where it may be, tried in turn.</param>
/// <param name="options">How long things may take, and who asks.</param>
/// <param name="time">The clock.</param>
/// <param name="pool">Where the node's own calls come from.</param>
/// <param name="scripts">Loaded on each connection.</param>
/// <param name="redirect">Takes calls whose key lives elsewhere.</param>
/// <param name="changed">Told when it went up or down; may not throw.</param>
/// <param name="logger">One line for each of these.</param>
internal sealed partial class RedisNode(
    IReadOnlyList<DnsEndPoint> endpoints, RedisOptions options, TimeProvider time, RedisCallPool pool, IReadOnlyList<RedisScript> scripts, IRedirect redirect,
    Action<RedisStatus> changed, ILogger logger) : IAsyncDisposable
{
    // Notices a frozen server before a caller does, and follows its clock.
    private static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stopping = new();
    private readonly TaskCompletionSource firstUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource firstTried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RedisConnection? current;
    private volatile RedisStatus status = new() { IsUp = false, Since = time.GetUtcNow() };
    private Task loop = Task.CompletedTask;

    /// <summary>The connection that calls are sent on; null while it is down.</summary>
    public RedisConnection? Current => current;

    /// <summary>How it is now.</summary>
    public RedisStatus Status => status;

    /// <summary>Ends when it is up for the first time.</summary>
    public Task FirstUp => firstUp.Task;

    /// <summary>Ends when the first attempt to connect has ended, however it did.</summary>
    public Task FirstTried => firstTried.Task;

    /// <summary>Begins to connect.</summary>
    public void Start() => loop = Task.Run(RunAsync);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await loop;
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        for (var attempt = 0; !stopping.IsCancellationRequested;)
        {
            var server = endpoints[attempt % endpoints.Count];
            var clock = new ServerClock(time, pool);
            var handshake = new RedisHandshake(options, pool, scripts);
            var (connection, fault) = await OpenAsync(server, handshake, clock);
            if (connection is null)
            {
                attempt++;
            }
            else
            {
                current = connection;
                GoUp(server, handshake, clock);
                fault = await BeatAsync(connection, clock);
                current = null;
                await connection.DisposeAsync();
            }
            if (stopping.IsCancellationRequested) fault = "disposed";
            GoDown(server, fault);
            await Task.Delay(options.ReconnectDelay, time, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<(RedisConnection? Connection, string Fault)> OpenAsync(DnsEndPoint server, RedisHandshake handshake, ServerClock clock)
    {
        using var timeout = new CancellationTokenSource(options.ConnectTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping.Token);
        var (stream, fault) = await RedisSocket.OpenAsync(server, options.Tls, either.Token);
        if (stream is null) return (null, fault);
        var connection = new RedisConnection(stream, options, time, pool, scripts, redirect);
        connection.Run();
        // All steps together may take as long as one, so the whole is bounded here.
        await using (either.Token.Register(static c => ((RedisConnection)c!).Close("connect_timeout"), connection))
            fault = await handshake.RunAsync(connection, clock);
        if (fault.Length == 0) return (connection, "");
        await connection.DisposeAsync();
        return (null, timeout.IsCancellationRequested ? "connect_timeout" : fault);
    }

    // Returns why the connection ended.
    private async Task<string> BeatAsync(RedisConnection connection, ServerClock clock)
    {
        while (!connection.Closed.IsCompleted)
        {
            using var pause = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
            await Task.WhenAny(connection.Closed, Task.Delay(BeatEvery, time, pause.Token));
            await pause.CancelAsync();
            if (stopping.IsCancellationRequested) connection.Close("disposed");
            if (await clock.AskAsync(connection, options.CallTimeout) == RedisOutcome.Ok && clock.Offset != status.ClockOffset)
                status = status with { ClockOffset = clock.Offset };
        }
        return await connection.Closed;
    }

    private void GoUp(DnsEndPoint server, RedisHandshake handshake, ServerClock clock)
    {
        status = status with
        {
            IsUp = true, Since = time.GetUtcNow(), RunId = handshake.RunId, MaxMemoryPolicy = handshake.MaxMemoryPolicy, ClockOffset = clock.Offset,
        };
        firstUp.TrySetResult();
        firstTried.TrySetResult();
        Log.Up(logger, server.Host, server.Port, handshake.RunId);
        changed(status);
    }

    private void GoDown(DnsEndPoint server, string fault)
    {
        var isChange = status.IsUp || status.LastFault.Length == 0;
        status = status with { IsUp = false, Since = isChange ? time.GetUtcNow() : status.Since, LastFault = fault };
        firstTried.TrySetResult();
        if (!isChange) return;
        if (fault == "disposed") Log.Ended(logger, server.Host, server.Port);
        else Log.Down(logger, server.Host, server.Port, fault, options.ReconnectDelay.TotalMilliseconds);
        changed(status);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Redis at {Host}:{Port} is up, run {RunId}")]
        public static partial void Up(ILogger logger, string host, int port, string runId);

        [LoggerMessage(2, LogLevel.Warning, "Redis at {Host}:{Port} is down: {Fault}. Calls are refused at once; next attempt every {Delay} ms")]
        public static partial void Down(ILogger logger, string host, int port, string fault, double delay);

        [LoggerMessage(3, LogLevel.Information, "The connection to Redis at {Host}:{Port} was ended by us")]
        public static partial void Ended(ILogger logger, string host, int port);
    }
}
