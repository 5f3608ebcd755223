using System.Collections.Concurrent;
using System.Threading.Channels;

namespace AspireGateway.Portal.Live;

/// <summary>Tells open pages that something they show has changed. It says that, not what: a page asks its own query again, with its own rights.</summary>
public sealed class LiveSignals
{
    private readonly ConcurrentDictionary<LiveSubscription, LiveSubjects> open = new();

    /// <summary>How many pages follow something.</summary>
    public int Followers => open.Count;

    /// <summary>Follows some subjects until the subscription is disposed.</summary>
    public LiveSubscription Follow(LiveSubjects subjects)
    {
        var subscription = new LiveSubscription(this);
        open[subscription] = subjects;
        return subscription;
    }

    /// <summary>Wakes everybody who follows one of these.</summary>
    public void Raise(LiveSubjects subjects)
    {
        foreach (var (subscription, followed) in open)
            if ((followed & subjects) != LiveSubjects.None) subscription.Wake();
    }

    internal void Leave(LiveSubscription subscription) => open.TryRemove(subscription, out _);
}

/// <summary>One page's ear. Signals that come while it is busy are one.</summary>
public sealed class LiveSubscription : IDisposable
{
    private readonly LiveSignals signals;
    private readonly Channel<bool> waiting = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    internal LiveSubscription(LiveSignals signals) => this.signals = signals;

    /// <summary>Waits for the next signal.</summary>
    /// <returns>False once the subscription is disposed.</returns>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken) => await waiting.Reader.WaitToReadAsync(cancellationToken) && waiting.Reader.TryRead(out _);

    /// <inheritdoc />
    public void Dispose()
    {
        signals.Leave(this);
        waiting.Writer.TryComplete();
    }

    internal void Wake() => waiting.Writer.TryWrite(true);
}
