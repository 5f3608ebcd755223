using Microsoft.Extensions.Logging;

namespace AspireGateway.Shared.Redis;

/// <summary>
/// Sends calls to Redis over one connection per server. Every call ends: with an answer, or at its time-out, or with the connection. A server that
/// answers nothing is disconnected after a few time-outs, calls are then refused at once, and a loop connects again. What may have run is told apart
/// from what surely did not; nothing that may have run is sent again.
/// </summary>
public sealed partial class RedisClient : IAsyncDisposable
{
    private readonly RedisCallPool pool = new();
    private readonly RedisOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<RedisClient> logger;
    private readonly RedisCluster cluster;

    /// <summary>Makes a client that is down until <see cref="Start"/>.</summary>
    /// <param name="options">Where Redis is and how long it may take.</param>
    /// <param name="time">The clock of time-outs.</param>
    /// <param name="logger">Gets one line per change between up and down.</param>
    /// <param name="scripts">The scripts that calls may name.</param>
    public RedisClient(RedisOptions options, TimeProvider time, ILogger<RedisClient> logger, IReadOnlyList<RedisScript> scripts)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        this.options = options;
        this.time = time;
        this.logger = logger;
        cluster = new RedisCluster(options, (endpoints, redirect, isFirst) =>
            new RedisNode(endpoints, options, time, pool, scripts, redirect, isFirst ? TellChanged : static _ => { }, logger), time);
    }

    /// <summary>Told on its way up and on its way down, with the new status, by the loop that connects: a handler must be quick.</summary>
#pragma warning disable MA0046 // The sender is the one client there is, and the status says all.
    public event Action<RedisStatus>? StatusChanged;
#pragma warning restore MA0046

    /// <summary>How the server is; of a cluster, the server that was configured.</summary>
    public RedisStatus Status => cluster.First.Status;

    /// <summary>Ends when the first attempt to connect has ended, however it did: until then <see cref="Status"/> says nothing about the server.</summary>
    public Task FirstTried => cluster.First.FirstTried;

    /// <summary>How long a call may take that does not say so itself.</summary>
    public TimeSpan CallTimeout => options.CallTimeout;

    /// <summary>Begins to connect in the background.</summary>
    public void Start() => cluster.First.Start();

    /// <summary>A call to build, send and dispose.</summary>
    public RedisCall Rent() => pool.Rent();

    /// <summary>
    /// Sends a call. The task may be awaited once and never throws. Its continuation runs on the thread pool.
    /// </summary>
    /// <param name="call">A complete call that was not sent before.</param>
    /// <param name="timeout">How long it may take, else <see cref="RedisOptions.CallTimeout"/>; it ends up to 15 ms later.</param>
    /// <exception cref="InvalidOperationException">Arguments are missing, or the call was sent before: a bug of the caller.</exception>
    public ValueTask<RedisOutcome> SendAsync(RedisCall call, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.CheckComplete();
        return cluster.ConnectionFor(call) is { } connection && connection.TrySend(call, timeout ?? options.CallTimeout)
            ? call.AsTask()
            : new ValueTask<RedisOutcome>(RedisOutcome.NotSent);
    }

    /// <summary>
    /// Queues a call that leaves with <see cref="Flush"/>, together with those before it. Otherwise as <see cref="SendAsync"/>, but what waits for the task goes
    /// on where replies are read: it must be quick and may not block.
    /// </summary>
    /// <param name="call">A complete call that was not sent before.</param>
    /// <exception cref="InvalidOperationException">Arguments are missing, or the call was sent before: a bug of the caller.</exception>
    public ValueTask<RedisOutcome> EnqueueAsync(RedisCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
        call.CheckComplete();
        return cluster.ConnectionFor(call) is { } connection && connection.TrySend(call, options.CallTimeout, waits: true)
            ? call.AsTask()
            : new ValueTask<RedisOutcome>(RedisOutcome.NotSent);
    }

    /// <summary>Sends what was queued.</summary>
    public void Flush() => cluster.Flush();

    /// <summary>The server's clock now, in microseconds since 1970, as far as it is known.</summary>
    public long NowOnServerMicroseconds() => (time.GetUtcNow() - DateTimeOffset.UnixEpoch + Status.ClockOffset).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Closes the connections; calls on their way end, later ones are not sent.</summary>
    public ValueTask DisposeAsync() => cluster.DisposeAsync();

    private void TellChanged(RedisStatus status)
    {
        try
        {
            StatusChanged?.Invoke(status);
        }
        catch (Exception fault)
        {
            // The loop that connects must live on whatever a handler does.
            Log.HandlerFailed(logger, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(10, LogLevel.Error, "A handler of Redis's status failed")]
        public static partial void HandlerFailed(ILogger logger, Exception fault);
    }
}
