using System.Threading.Tasks.Sources;

namespace AspireGateway.Shared.Redis;

/// <summary>Lets one loop sleep until it is woken, without allocating. The owner keeps <see cref="Prepare"/> and <see cref="Wake"/> in turn, under its gate.</summary>
internal sealed class WakeSignal : IValueTaskSource
{
    // The loop goes on at the thread pool, so that what wakes it need not write to the socket itself, and more calls gather before it does.
    private ManualResetValueTaskSourceCore<bool> core = new() { RunContinuationsAsynchronously = true };

    /// <summary>Makes it ready for the next sleep.</summary>
    public void Prepare() => core.Reset();

    /// <summary>Sleeps until woken; returns at once when that happened since <see cref="Prepare"/>.</summary>
    public ValueTask SleepAsync() => new(this, core.Version);

    /// <summary>Wakes the loop; once after each <see cref="Prepare"/>.</summary>
    public void Wake() => core.SetResult(true);

    void IValueTaskSource.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
