using System.Threading.Tasks.Sources;

namespace AspireGateway.Gateway.Accounting.Ledger.Gathering;

/// <summary>A request that waits for its hold.</summary>
/// <param name="hold">What it asks for.</param>
/// <param name="epoch">The epoch that it takes for open.</param>
/// <param name="since">The timestamp since which it waits.</param>
internal sealed class ReserveWait(Hold hold, byte[] epoch, long since) : IValueTaskSource<(LedgerOutcome Outcome, ReserveAnswer Answer)>
{
    private ManualResetValueTaskSourceCore<(LedgerOutcome Outcome, ReserveAnswer Answer)> core = new() { RunContinuationsAsynchronously = true };

    /// <summary>What it asks for.</summary>
    public Hold Hold => hold;

    /// <summary>The epoch that it takes for open.</summary>
    public byte[] Epoch => epoch;

    /// <summary>The timestamp since which it waits.</summary>
    public long Since => since;

    /// <summary>What its caller awaits, once.</summary>
    public ValueTask<(LedgerOutcome Outcome, ReserveAnswer Answer)> Task => new(this, core.Version);

    /// <summary>Tells the request, which goes on on the thread pool.</summary>
    public void End(LedgerOutcome outcome, in ReserveAnswer answer = default) => core.SetResult((outcome, answer));

    (LedgerOutcome Outcome, ReserveAnswer Answer) IValueTaskSource<(LedgerOutcome Outcome, ReserveAnswer Answer)>.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<(LedgerOutcome Outcome, ReserveAnswer Answer)>.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource<(LedgerOutcome Outcome, ReserveAnswer Answer)>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => core.OnCompleted(continuation, state, token, flags);
}
