using AspireGateway.Gateway.Caching.Entries;
using AspireGateway.Gateway.Caching.Keys;

namespace AspireGateway.Gateway.Caching.Flights;

/// <summary>One question that is being answered, and those who wait for the same answer.</summary>
/// <param name="digest">The question.</param>
internal sealed class Flight(CacheDigest digest)
{
    private readonly TaskCompletionSource<FlightEnd> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int followers;

    /// <summary>The question.</summary>
    public CacheDigest Digest { get; } = digest;

    /// <summary>Ends with the leader's.</summary>
    public Task<FlightEnd> Ended => ended.Task;

    /// <summary>Takes one more follower, unless there are too many.</summary>
    public bool TryFollow(int most) => Interlocked.Increment(ref followers) <= most;

    /// <summary>Tells the followers.</summary>
    public void End(FlightEnd end) => ended.TrySetResult(end);
}

/// <summary>How a flight ended.</summary>
/// <param name="Outcome">What became of the leader.</param>
/// <param name="Reply">Its reply, where that may be shared.</param>
/// <param name="Similarity">How close the question lies that the reply was made for; null = it is the same one.</param>
internal readonly record struct FlightEnd(FlightOutcome Outcome, CachedReply? Reply, float? Similarity = null);

/// <summary>What became of a leader.</summary>
internal enum FlightOutcome
{
    /// <summary>It failed or its caller left: somebody else has to lead.</summary>
    Failed,

    /// <summary>It has a reply that everybody may have.</summary>
    Answered,

    /// <summary>It has a reply that is not to be shared: each asks for itself.</summary>
    NotShared,
}
