namespace AspireGateway.Gateway.Accounting.Ledger.Gathering;

/// <summary>Gathers what all requests of this gateway ask of the ledger.</summary>
internal sealed class LedgerGatherer(LedgerCalls calls, TimeProvider time, int lanes, Func<int, int> turns)
    : CallGatherer<LedgerAsk, LedgerRound>(lanes, static () => new LedgerRound(), turns)
{
    /// <summary>Asks for a hold.</summary>
    public ValueTask<(LedgerOutcome Outcome, ReserveAnswer Answer)> ReserveAsync(Hold hold, byte[] epoch)
    {
        var wait = new ReserveWait(hold, epoch, time.GetTimestamp());
        if (!TryAdd(new LedgerAsk(wait, default))) wait.End(LedgerOutcome.NotDone);
        return wait.Task;
    }

    /// <summary>Ends a hold that was granted.</summary>
    public void Settle(in SettleWait wait)
    {
        if (!TryAdd(new LedgerAsk(null, wait))) wait.End(LedgerOutcome.NotDone);
    }

    /// <inheritdoc />
    protected override bool TryJoin(LedgerRound to, LedgerAsk item)
    {
        if (item.Reserve is not { } wait || time.GetElapsedTime(wait.Since) <= calls.Patience) return to.TryAdd(item);
        // It has waited as long as a call may take: taken from the queue, and not sent.
        NotSent(item);
        return true;
    }

    /// <inheritdoc />
    protected override void NotSent(LedgerAsk item)
    {
        if (item.Reserve is { } wait) wait.End(LedgerOutcome.NotDone);
        else item.Settle.End(LedgerOutcome.NotDone);
    }

    /// <inheritdoc />
    protected override ValueTask<bool> SendAsync(LedgerRound whole) => calls.SendAsync(whole);
}
