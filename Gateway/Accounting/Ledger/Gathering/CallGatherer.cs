namespace AspireGateway.Gateway.Accounting.Ledger.Gathering;

/// <summary>
/// Gathers what many requests ask of one ledger into few calls (group commit): what comes while a call is on its way goes with the next one. Nothing waits
/// for company: an item that comes alone is sent alone, at once. Items are sent in the order in which they came.
/// </summary>
/// <typeparam name="TItem">What one request asks.</typeparam>
/// <typeparam name="TBatch">Those that go together.</typeparam>
internal abstract class CallGatherer<TItem, TBatch>
    where TBatch : class
{
    // Two: while Redis works on one, the answer of the other is read and the next one is written.
    private const int MostOnTheirWay = 2;
    private const int MostWaiting = 16_384;

    private readonly Lock gate = new();
    private readonly Queue<TItem> waiting = new();
    private readonly Stack<TBatch> idle = new();
    private int onTheirWay;

    /// <summary>Takes an item; false when too many wait already.</summary>
    protected bool TryAdd(TItem item)
    {
        lock (gate)
        {
            if (waiting.Count >= MostWaiting) return false;
            waiting.Enqueue(item);
            if (onTheirWay == MostOnTheirWay) return true;
            onTheirWay++;
        }
        _ = SendAllAsync();
        return true;
    }

    /// <summary>Makes an empty batch.</summary>
    protected abstract TBatch NewBatch();

    /// <summary>Adds an item to a batch; false when it does not go with those that are there, or there are enough. An empty batch takes any.</summary>
    protected abstract bool TryJoin(TBatch batch, TItem item);

    /// <summary>Whether a batch has no items.</summary>
    protected abstract bool IsEmpty(TBatch batch);

    /// <summary>Sends a batch, tells each of its items how it ended, and empties it. Does not throw.</summary>
    /// <returns>False when Redis did not answer: those who wait are told so too, rather than one time-out after the other.</returns>
    protected abstract ValueTask<bool> SendAsync(TBatch batch);

    /// <summary>Tells an item that was not sent.</summary>
    protected abstract void NotSent(TItem item);

    private async Task SendAllAsync()
    {
        TBatch? batch;
        lock (gate) idle.TryPop(out batch);
        batch ??= NewBatch();
        while (TryTake(batch))
        {
            if (await SendAsync(batch)) continue;
            foreach (var item in TakeAll()) NotSent(item);
        }
    }

    private bool TryTake(TBatch batch)
    {
        lock (gate)
        {
            while (waiting.TryPeek(out var item) && TryJoin(batch, item)) waiting.Dequeue();
            if (!IsEmpty(batch)) return true;
            onTheirWay--;
            idle.Push(batch);
            return false;
        }
    }

    private TItem[] TakeAll()
    {
        lock (gate)
        {
            var all = waiting.ToArray();
            waiting.Clear();
            return all;
        }
    }
}
