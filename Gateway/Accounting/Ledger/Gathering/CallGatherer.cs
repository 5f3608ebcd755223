namespace AspireGateway.Gateway.Accounting.Ledger.Gathering;

/// <summary>
/// Gathers what many requests ask into few sendings (group commit): what comes while one is on its way goes with the next one, in the order in which it
/// came. Nothing waits by the clock. Where it is worth more that rounds are large than that they are soon, whoever can run now runs first, and so joins: when
/// little is asked for that is no time at all.
/// </summary>
/// <typeparam name="TItem">What one request asks.</typeparam>
/// <typeparam name="TRound">Those that go together.</typeparam>
/// <param name="round">The round, empty.</param>
/// <param name="turns">How often those who can run now are let run before a round is taken, by how many items the last one had.</param>
internal abstract class CallGatherer<TItem, TRound>(TRound round, Func<int, int> turns)
{
    private const int MostWaiting = 16_384;

    private readonly Lock gate = new();
    private readonly Queue<TItem> waiting = new();
    private bool isRunning;
    private int lastTaken;

    /// <summary>Takes an item; false when too many wait already.</summary>
    protected bool TryAdd(TItem item)
    {
        lock (gate)
        {
            if (waiting.Count >= MostWaiting) return false;
            waiting.Enqueue(item);
            if (isRunning) return true;
            isRunning = true;
        }
        _ = RunAsync();
        return true;
    }

    /// <summary>Adds an item to a round; false when it has enough. An empty round takes any.</summary>
    protected abstract bool TryJoin(TRound to, TItem item);

    /// <summary>Sends a round that has items, tells each of them how it ended, and empties it. Does not throw.</summary>
    /// <returns>False when there was no answer: those who wait are told so too, rather than one time-out after the other.</returns>
    protected abstract ValueTask<bool> SendAsync(TRound whole);

    /// <summary>Tells an item that was not sent.</summary>
    protected abstract void NotSent(TItem item);

    private async Task RunAsync()
    {
        while (true)
        {
            for (var left = turns(lastTaken); left > 0; left--) await Task.Yield();
            Take();
            if (!await SendAsync(round))
                foreach (var item in TakeAll()) NotSent(item);
            if (!HasMore()) return;
        }
    }

    private void Take()
    {
        lock (gate)
        {
            lastTaken = 0;
            for (; waiting.TryPeek(out var item) && TryJoin(round, item); lastTaken++) waiting.Dequeue();
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

    private bool HasMore()
    {
        lock (gate) return isRunning = waiting.Count > 0;
    }
}
