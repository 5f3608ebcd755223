using System.Net;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>A body that was written for the provider. Owns its buffer.</summary>
internal sealed class WrittenContent : HttpContent
{
    private readonly PooledBufferWriter body;
    private int senders;

    /// <summary>Takes over a buffer with JSON.</summary>
    public WrittenContent(PooledBufferWriter body)
    {
        this.body = body;
        Headers.TryAddWithoutValidation("Content-Type", "application/json");
    }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body => body.Written;

    /// <inheritdoc />
    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }

    /// <inheritdoc />
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc />
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref senders);
        try
        {
            await stream.WriteAsync(body.Written, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref senders);
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        // Over HTTP/2 a provider may answer while it is still being sent the body: such a buffer must not serve anybody else.
        if (disposing && Volatile.Read(ref senders) == 0) body.Dispose();
        else body.Abandon();
        base.Dispose(disposing);
    }
}
