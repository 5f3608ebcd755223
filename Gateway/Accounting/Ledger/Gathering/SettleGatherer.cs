namespace AspireGateway.Gateway.Accounting.Ledger.Gathering;

/// <summary>Gathers the settlements of one organisation.</summary>
internal sealed class SettleGatherer(LedgerCalls calls) : CallGatherer<SettleWait, SettleBatch>
{
    /// <summary>Ends a hold.</summary>
    public void Add(Hold hold, ISettleListener listener)
    {
        var wait = new SettleWait(hold, listener);
        if (!TryAdd(wait)) NotSent(wait);
    }

    /// <inheritdoc />
    protected override SettleBatch NewBatch() => new();

    /// <inheritdoc />
    protected override bool IsEmpty(SettleBatch batch) => batch.Waits.Count == 0;

    /// <inheritdoc />
    protected override bool TryJoin(SettleBatch batch, SettleWait item) => batch.TryJoin(item);

    /// <inheritdoc />
    protected override void NotSent(SettleWait item) => item.End(LedgerOutcome.NotDone);

    /// <inheritdoc />
    protected override ValueTask<bool> SendAsync(SettleBatch batch) => calls.SendAsync(batch);
}
