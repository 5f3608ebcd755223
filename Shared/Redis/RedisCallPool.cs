using System.Collections.Concurrent;

namespace AspireGateway.Shared.Redis;

/// <summary>Keeps ended calls for the next ones, up to a number.</summary>
internal sealed class RedisCallPool
{
    private const int MaxKept = 4096;

    private readonly ConcurrentQueue<RedisCall> kept = new();
    private int count;

    /// <summary>A call that nobody else holds.</summary>
    public RedisCall Rent()
    {
        if (kept.TryDequeue(out var call)) Interlocked.Decrement(ref count);
        else call = new RedisCall(this);
        call.Take();
        return call;
    }

    /// <summary>Takes back a call that nobody holds any more.</summary>
    public void Return(RedisCall call)
    {
        if (Interlocked.Increment(ref count) <= MaxKept)
        {
            call.Clear();
            kept.Enqueue(call);
            return;
        }
        Interlocked.Decrement(ref count);
        call.Drop();
    }
}
