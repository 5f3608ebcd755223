namespace AspireGateway.Gateway.Accounting.Ledger.Gathering;

/// <summary>Gathers the reservations of one organisation.</summary>
internal sealed class ReserveGatherer(LedgerCalls calls, TimeProvider time) : CallGatherer<ReserveWait, ReserveBatch>
{
    /// <summary>Asks for a hold.</summary>
    public ValueTask<(LedgerOutcome Outcome, ReserveAnswer Answer)> AskAsync(Hold hold, byte[] epoch)
    {
        var wait = new ReserveWait(hold, epoch, time.GetTimestamp());
        if (!TryAdd(wait)) NotSent(wait);
        return wait.Task;
    }

    /// <inheritdoc />
    protected override ReserveBatch NewBatch() => new();

    /// <inheritdoc />
    protected override bool IsEmpty(ReserveBatch batch) => batch.Waits.Count == 0;

    /// <inheritdoc />
    protected override bool TryJoin(ReserveBatch batch, ReserveWait item)
    {
        if (time.GetElapsedTime(item.Since) <= calls.Patience) return batch.TryJoin(item);
        // It has waited as long as a call may take: taken from the queue, and not sent.
        NotSent(item);
        return true;
    }

    /// <inheritdoc />
    protected override void NotSent(ReserveWait item) => item.End(LedgerOutcome.NotDone);

    /// <inheritdoc />
    protected override ValueTask<bool> SendAsync(ReserveBatch batch) => calls.SendAsync(batch);
}
