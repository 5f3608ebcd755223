namespace AspireGateway.Gateway.Accounting.Ledger.Gathering;

/// <summary>
/// Gathers what many requests ask into few sendings (group commit): what comes while those that may be under way are goes with the next one, in the order in
/// which it came. Nothing waits by the clock. Where it is worth more that rounds are large than that they are soon, whoever can run now runs first, and so
/// joins: when little is asked for that is no time at all.
/// </summary>
/// <typeparam name="TItem">What one request asks.</typeparam>
/// <typeparam name="TRound">Those that go together.</typeparam>
/// <param name="lanes">How many rounds may be under way: more of them let an item wait less, and are smaller.</param>
/// <param name="makeRound">Makes a round, empty.</param>
/// <param name="turns">How often those who can run now are let run before a round is taken, by how many items the last one had.</param>
internal abstract class CallGatherer<TItem, TRound>(int lanes, Func<TRound> makeRound, Func<int, int> turns)
{
    private const int MostWaiting = 16_384;

    private readonly Lock gate = new();
    private readonly Queue<TItem> waiting = new();
    private readonly Stack<TRound> idle = new();
    private int running;
    private int lastTaken;

    /// <summary>Takes an item; false when too many wait already.</summary>
    protected bool TryAdd(TItem item)
    {
        TRound? round;
        lock (gate)
        {
            if (waiting.Count >= MostWaiting) return false;
            waiting.Enqueue(item);
            if (running > 0 && running == lanes) return true;
            running++;
            if (!idle.TryPop(out round)) round = makeRound();
        }
        _ = RunAsync(round);
        return true;
    }

    /// <summary>Adds an item to a round; false when it has enough. An empty round takes any.</summary>
    protected abstract bool TryJoin(TRound to, TItem item);

    /// <summary>Sends a round that has items, tells each of them how it ended, and empties it. Does not throw.</summary>
    /// <returns>False when there was no answer: those who wait are told so too, rather than one time-out after the other.</returns>
    protected abstract ValueTask<bool> SendAsync(TRound whole);

    /// <summary>Tells an item that was not sent.</summary>
    protected abstract void NotSent(TItem item);

    private async Task RunAsync(TRound round)
    {
        while (true)
        {
            for (var left = turns(lastTaken); left > 0; left--) await Task.Yield();
            // Another lane may have taken all.
            if (Take(round) && !await SendAsync(round))
                foreach (var item in TakeAll()) NotSent(item);
            if (!HasMore(round)) return;
        }
    }

    private bool Take(TRound round)
    {
        lock (gate)
        {
            var taken = 0;
            for (; waiting.TryPeek(out var item) && TryJoin(round, item); taken++) waiting.Dequeue();
            if (taken > 0) lastTaken = taken;
            return taken > 0;
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

    private bool HasMore(TRound round)
    {
        lock (gate)
        {
            if (waiting.Count > 0) return true;
            running--;
            idle.Push(round);
            return false;
        }
    }
}
