using System.Collections.Concurrent;
using AspireGateway.Shared.Ledger;
using Microsoft.Extensions.Options;

namespace AspireGateway.Gateway.Accounting.Limits;

/// <summary>
/// Requests that wait for a limit, a lane for each. Only the head of a lane asks the ledger again, so that a lane costs one call at a time whatever its
/// length. Whose turn is next: classes of priority by weight, inside a class the keys in turn, inside a key who came first.
/// </summary>
internal sealed class RequestQueue(IOptions<SpendOptions> options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, QueueLane> lanes = new(StringComparer.Ordinal);
    private readonly SpendOptions bounds = options.Value;
    private readonly TimeProvider clock = time;
    private int waiting;

    /// <summary>Requests that wait now.</summary>
    public int Depth => Volatile.Read(ref waiting);

    /// <summary>Whether others wait for this limit already: whoever comes now goes behind them.</summary>
    public bool IsBusy(Meter meter) => lanes.TryGetValue(meter.Name, out var lane) && lane.Count > 0;

    /// <summary>Takes a place in the lane of a limit.</summary>
    /// <returns>The place; null when the lane, or the key's part of it, is full.</returns>
    public QueuePlace? TryEnter(Meter meter, Guid key, int priority)
    {
        while (true)
        {
            var lane = lanes.GetOrAdd(meter.Name, static (name, queue) => new QueueLane(name, queue.bounds, queue.clock), this);
            switch (lane.TryEnter(key, priority, out var place))
            {
                case QueueEntry.Entered:
                    Interlocked.Increment(ref waiting);
                    return place;
                case QueueEntry.Full:
                    return null;
                default:
                    // It was left by its last request a moment ago and is on its way out of the list.
                    lanes.TryRemove(KeyValuePair.Create(meter.Name, lane));
                    continue;
            }
        }
    }

    /// <summary>Gives a place up, whether its turn had come or not.</summary>
    public void Leave(QueuePlace place)
    {
        Interlocked.Decrement(ref waiting);
        var isEmpty = place.Lane.Leave(place);
        place.Dispose();
        if (isEmpty) lanes.TryRemove(KeyValuePair.Create(place.Lane.Name, place.Lane));
    }

    /// <summary>Something was given back on these meters by a request of this gateway: heads of their lanes need not wait for their next look.</summary>
    public void Freed(Meter[] meters)
    {
        if (Depth == 0) return;
        foreach (var meter in meters)
            if (meter.Type != LedgerFields.Budget && lanes.TryGetValue(meter.Name, out var lane)) lane.Wake();
    }
}
