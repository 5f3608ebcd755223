using System.Collections.Concurrent;
using System.Diagnostics;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>
/// One token for everything that can end an attempt: the phase's own time-out, the caller's deadline, the caller leaving. Pooled: a token source with
/// its timer would otherwise be the largest allocation of a request.
/// </summary>
internal sealed class AttemptTimer : IDisposable
{
    private const int PoolLimit = 1024;
    private static readonly ConcurrentQueue<CancellationTokenSource> Pool = new();

    private long deadline, bound = long.MaxValue;
    private readonly CancellationToken callerLeft;
    private readonly CancellationTokenRegistration registration;
    private CancellationTokenSource? source;

    /// <summary>Starts without a time-out.</summary>
    /// <param name="deadline">Stopwatch timestamp of the caller's own deadline; <see cref="long.MaxValue"/> = none.</param>
    /// <param name="callerLeft">Cancelled when the caller leaves.</param>
    public AttemptTimer(long deadline, CancellationToken callerLeft)
    {
        this.deadline = deadline;
        this.callerLeft = callerLeft;
        if (!Pool.TryDequeue(out source)) source = new CancellationTokenSource();
        Token = source.Token;
        registration = callerLeft.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), source);
    }

    /// <summary>Cancelled when the current phase must end.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether a cancellation came from the clock and not from the caller.</summary>
    public bool TimedOut => source is { IsCancellationRequested: true } && !callerLeft.IsCancellationRequested;

    /// <summary>Whether the current phase was cut short by the deadline: that it ended says little about the provider.</summary>
    public bool IsCutByDeadline { get; private set; }

    /// <summary>Begins a phase that may take this long.</summary>
    public void Begin(TimeSpan phase)
    {
        IsCutByDeadline = false;
        var end = Math.Min(deadline, bound);
        if (end != long.MaxValue)
        {
            var left = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), end);
            if (left < phase)
            {
                phase = left > TimeSpan.Zero ? left : TimeSpan.Zero;
                IsCutByDeadline = deadline < bound;
            }
        }
        source!.CancelAfter(phase);
    }

    /// <summary>Begins a phase, and lets all phases up to <see cref="Stand"/> together take no longer.</summary>
    public void BeginBounded(TimeSpan all)
    {
        bound = Stopwatch.GetTimestamp() + (long)(all.TotalSeconds * Stopwatch.Frequency);
        Begin(all);
    }

    /// <summary>The reply has begun: from here on another deadline holds.</summary>
    public void Stand(long untilTheEnd)
    {
        bound = long.MaxValue;
        deadline = untilTheEnd;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (source is not { } mine) return;
        source = null;
        // Must be gone before the source serves somebody else.
        registration.Dispose();
        if (mine.TryReset() && Pool.Count < PoolLimit) Pool.Enqueue(mine);
        else mine.Dispose();
    }
}
