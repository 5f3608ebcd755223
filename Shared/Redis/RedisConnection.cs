namespace AspireGateway.Shared.Redis;

/// <summary>
/// One connection: calls are queued, everything queued is sent at once, replies end the calls in the order of sending (Redis answers in order). Once
/// closed it never opens again, and nothing that it took is sent a second time, except after a reply that says that the call did not run.
/// </summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    // More than this is not gathered into one send; a larger call goes alone.
    private const int BatchBytes = 64 * 1024;

    // A call ends at most one period, plus the wait for a thread, after its time-out.
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMilliseconds(10);

    private readonly Lock gate = new();
    private readonly Queue<RedisCall> waiting = new(), sent = new();
    private readonly WakeSignal writerWakes = new();
    private readonly TaskCompletionSource<string> closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stream stream;
    private readonly RedisOptions options;
    private readonly TimeProvider time;
    private readonly RedisCallPool pool;
    private readonly IReadOnlyList<RedisScript> scripts;
    private readonly IRedirect redirect;
    private readonly ITimer sweeper;
    private readonly double timestampsPerTick;
    private Task loops = Task.CompletedTask;
    private long number, scriptsLoadedAt, sweptAt, silentSince;
    private int timeoutsInARow;
    private bool isClosed, writerSleeps, wasLate;

    /// <summary>Takes an open stream; <see cref="Run"/> begins.</summary>
    public RedisConnection(Stream stream, RedisOptions options, TimeProvider time, RedisCallPool pool, IReadOnlyList<RedisScript> scripts, IRedirect redirect)
    {
        this.stream = stream;
        this.options = options;
        this.time = time;
        this.pool = pool;
        this.scripts = scripts;
        this.redirect = redirect;
        timestampsPerTick = time.TimestampFrequency / (double)TimeSpan.TicksPerSecond;
        sweptAt = time.GetTimestamp();
        sweeper = time.CreateTimer(static c => ((RedisConnection)c!).Sweep(), this, SweepPeriod, SweepPeriod);
    }

    /// <summary>Ends when the connection does, with the reason in a word.</summary>
    public Task<string> Closed => closed.Task;

    /// <summary>Starts to send and to receive.</summary>
    public void Run() => loops = Task.WhenAll(Task.Run(WriteAsync), Task.Run(ReadAsync));

    /// <summary>Queues a call, whose outcome its task then tells.</summary>
    /// <param name="call">The call.</param>
    /// <param name="timeout">How long it may take.</param>
    /// <param name="waits">It leaves with <see cref="Flush"/>, and its sender goes on where the reply is read.</param>
    /// <returns>False when it is not taken: the connection is closed or the queue is full.</returns>
    public bool TrySend(RedisCall call, TimeSpan timeout, bool waits = false)
    {
        var deadline = time.GetTimestamp() + (long)(timeout.Ticks * timestampsPerTick);
        lock (gate)
        {
            if (isClosed || waiting.Count + sent.Count >= options.MaxInFlight) return false;
            call.Await(deadline, waits);
            Enqueue(call);
            if (!waits) WakeWriter();
        }
        return true;
    }

    /// <summary>Sends what waits, on this thread as far as the socket takes it.</summary>
    public void Flush()
    {
        lock (gate)
        {
            if (!writerSleeps || waiting.Count == 0) return;
            writerSleeps = false;
        }
        writerWakes.WakeHere();
    }

    /// <summary>Sends a call again that surely did not run. Whoever asks holds it for the connection that answered so.</summary>
    public void SendAgain(RedisCall call)
    {
        lock (gate)
        {
            if (!isClosed)
            {
                call.AwaitAgain();
                Enqueue(call);
                WakeWriter();
                return;
            }
        }
        call.End(RedisOutcome.NotSent);
        call.Release();
    }

    /// <summary>Closes the connection and ends all its calls; only the first reason counts.</summary>
    public void Close(string reason)
    {
        lock (gate)
        {
            if (isClosed) return;
            isClosed = true;
            EndAll(sent, RedisOutcome.ConnectionLost);
            EndAll(waiting, RedisOutcome.NotSent);
            WakeWriter();
        }
        sweeper.Dispose();
        // Aborts a send that a frozen server would hold for ever, and the receive with it.
        stream.Dispose();
        closed.TrySetResult(reason);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Close("disposed");
        await loops;
    }

    private static void EndAll(Queue<RedisCall> calls, RedisOutcome how)
    {
        while (calls.TryDequeue(out var call))
        {
            if (call.IsPending) call.End(how);
            call.Release();
        }
    }

    private void Enqueue(RedisCall call)
    {
        call.Number = ++number;
        waiting.Enqueue(call);
    }

    private void WakeWriter()
    {
        if (!writerSleeps) return;
        writerSleeps = false;
        writerWakes.Wake();
    }

    private async Task WriteAsync()
    {
        var batch = default(PooledBuffer);
        try
        {
            while (true)
            {
                lock (gate)
                {
                    if (isClosed) return;
                    Gather(ref batch);
                    if (batch.Length == 0)
                    {
                        writerWakes.Prepare();
                        writerSleeps = true;
                    }
                }
                if (batch.Length == 0) await writerWakes.SleepAsync();
                else await stream.WriteAsync(batch.Memory);
                batch.Clear(BatchBytes);
            }
        }
        catch (Exception)
        {
            // The stream was closed by either side. Whatever else it may be, the connection ends and no caller sees it.
        }
        finally
        {
            Close("connection_lost");
            batch.Drop();
        }
    }

    private void Gather(ref PooledBuffer batch)
    {
        while (waiting.TryPeek(out var call) && (batch.Length == 0 || batch.Length + call.Request.Length <= BatchBytes))
        {
            waiting.Dequeue();
            if (!call.IsPending)
            {
                // It timed out in the queue and its sender was told that it is not sent.
                call.Release();
                continue;
            }
            sent.Enqueue(call);
            batch.Append(call.Request);
        }
    }

    private async Task ReadAsync()
    {
        using var received = new ReceiveBuffer();
        var scanner = default(RespScanner);
        var fault = "connection_lost";
        try
        {
            while (true)
            {
                if (!received.TryMakeRoom())
                {
                    fault = "protocol";
                    return;
                }
                var count = await stream.ReadAsync(received.Room);
                if (count == 0) return;
                received.Advance(count);
                RespProgress progress;
                while ((progress = scanner.Scan(received.Filled)) == RespProgress.Complete)
                {
                    if (!TryDeliver(received.Filled[..scanner.Position]))
                    {
                        fault = "protocol";
                        return;
                    }
                    received.Consume(scanner.Position);
                    scanner = default;
                }
                if (progress != RespProgress.Malformed) continue;
                fault = "protocol";
                return;
            }
        }
        catch (Exception)
        {
            // As in WriteAsync.
        }
        finally
        {
            Close(fault);
        }
    }

    // False when nobody asked for the reply.
    private bool TryDeliver(ReadOnlySpan<byte> reply)
    {
        RedisCall? call;
        bool isPending;
        long askedAt;
        lock (gate)
        {
            if (!sent.TryDequeue(out call)) return isClosed;
            isPending = call.IsPending;
            askedAt = call.Number;
            if (isPending)
            {
                // From here on neither a time-out nor a close can end it: this thread will.
                call.Claim();
                timeoutsInARow = 0;
            }
        }
        if (isPending)
        {
            var isError = reply[0] == (byte)'-';
            if (isError && IsSentAgain(call, askedAt, reply)) return true;
            call.Keep(reply);
            call.EndWithReply(isError ? RedisOutcome.Error : RedisOutcome.Ok);
        }
        call.Release();
        // A primary that became a replica refuses writes for ever; another connection may find the new primary.
        if (reply.StartsWith("-READONLY"u8)) Close("replica");
        return true;
    }

    private bool IsSentAgain(RedisCall call, long askedAt, ReadOnlySpan<byte> error)
    {
        if (call.WasResent) return false;
        if (call.NamesScript && error.StartsWith("-NOSCRIPT"u8))
        {
            LoadScriptsAgain(askedAt);
            SendAgain(call);
            return true;
        }
        return error.StartsWith("-MOVED "u8) && redirect.TrySendElsewhere(call, error);
    }

    // Whatever was asked before the last load finds the scripts when it is sent again: one load serves all calls that met the empty cache.
    private void LoadScriptsAgain(long askedAt)
    {
        lock (gate)
        {
            if (isClosed || askedAt < scriptsLoadedAt) return;
            foreach (var script in scripts)
            {
                using var load = pool.Rent();
                load.Begin(3);
                load.Arg("SCRIPT"u8);
                load.Arg("LOAD"u8);
                load.Arg(script.Text.Span);
                load.Await(long.MaxValue);
                Enqueue(load);
            }
            WakeWriter();
            scriptsLoadedAt = number;
        }
    }

    private void Sweep()
    {
        var isTripped = false;
        lock (gate)
        {
            if (isClosed) return;
            var now = time.GetTimestamp();
            // This process stood still, not Redis: the replies may be here, so the reader gets one period to take them.
            var isLate = time.GetElapsedTime(sweptAt, now) > 3 * SweepPeriod;
            sweptAt = now;
            wasLate = isLate && !wasLate;
            if (wasLate) return;
            EndOverdue(sent, now, RedisOutcome.TimedOut);
            EndOverdue(waiting, now, RedisOutcome.NotSent);
            isTripped = timeoutsInARow >= options.TimeoutsToTrip && time.GetElapsedTime(silentSince, now) >= (options.TimeoutsToTrip - 1) * options.CallTimeout;
        }
        if (isTripped) Close("timeout");
    }

    // The calls stay in the queue: those sent will be answered in their turn, and the answer must not be taken for another's.
    private void EndOverdue(Queue<RedisCall> calls, long now, RedisOutcome how)
    {
        foreach (var call in calls)
        {
            if (!call.IsPending || call.Deadline > now) continue;
            call.End(how);
            if (timeoutsInARow++ == 0) silentSince = now;
        }
    }
}
