namespace AspireGateway.Shared.Redis;

/// <summary>Takes over calls whose key lives at another server of a cluster.</summary>
internal interface IRedirect
{
    /// <summary>Sends the call to the server that the error <c>-MOVED slot host:port</c> names.</summary>
    /// <returns>False when it cannot; then the error is the call's reply.</returns>
    bool TrySendElsewhere(RedisCall call, ReadOnlySpan<byte> error);
}
