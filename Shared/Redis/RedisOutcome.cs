namespace AspireGateway.Shared.Redis;

/// <summary>How a call ended.</summary>
public enum RedisOutcome
{
    /// <summary>Redis answered; the reply may hold errors inside an array.</summary>
    Ok,

    /// <summary>Redis answered with an error, whose text is the reply's bytes.</summary>
    Error,

    /// <summary>Sent, and no answer in time: it may have run, may run later, or never.</summary>
    TimedOut,

    /// <summary>Sent, and the connection ended before the answer: it may have run.</summary>
    ConnectionLost,

    /// <summary>Surely did not run: no connection, the queue is full, or it was still waiting to be sent.</summary>
    NotSent,
}
