namespace AspireGateway.Gateway.Guardrails.External;

/// <summary>
/// A check's circuit breaker and its places. Opens after failures in a row, so that nobody waits for a service that is gone; then one question at a time looks whether it is back.
/// </summary>
internal sealed class CheckCircuit(TimeProvider time) : IDisposable
{
    private const int FailuresToOpen = 5, Places = 32;

    private static readonly TimeSpan OpenFor = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private int failures;
    private long openSince;
    private bool isLooking;

    /// <summary>Questions that may be asked at a time.</summary>
    public SemaphoreSlim Room { get; } = new(Places);

    /// <summary>Whether a question may be asked now.</summary>
    public bool TryEnter()
    {
        lock (gate)
        {
            if (failures < FailuresToOpen) return true;
            if (isLooking || time.GetElapsedTime(openSince) < OpenFor) return false;
            return isLooking = true;
        }
    }

    /// <summary>Says how it went.</summary>
    public void Leave(bool succeeded)
    {
        lock (gate)
        {
            isLooking = false;
            failures = succeeded ? 0 : Math.Min(failures + 1, FailuresToOpen);
            if (!succeeded) openSince = time.GetTimestamp();
        }
    }

    /// <summary>The caller left before there was an answer: nothing is known.</summary>
    public void Abandon()
    {
        lock (gate) isLooking = false;
    }

    /// <inheritdoc />
    public void Dispose() => Room.Dispose();
}
