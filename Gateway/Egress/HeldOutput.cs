using System.Buffers;
using System.IO.Pipelines;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Egress;

/// <summary>Keeps what is written until somebody says that it may go out: a stream that checks outside of the gateway look at is held to its end.</summary>
internal sealed class HeldOutput(PipeWriter inner) : PipeWriter, IDisposable
{
    // More than the longest replies of today's models with all their events; beyond it nobody has looked.
    private const int Most = 16 * 1024 * 1024;

    private readonly PooledBufferWriter held = new();

    /// <summary>Whether it holds more than it may.</summary>
    public bool IsFull => held.Length > Most;

    /// <summary>Lets it go out.</summary>
    public void Release()
    {
        inner.Write(held.Written.Span);
        held.Clear();
    }

    /// <summary>Forgets it.</summary>
    public void Drop() => held.Clear();

    /// <inheritdoc />
    public override void Advance(int bytes) => held.Advance(bytes);

    /// <inheritdoc />
    public override Memory<byte> GetMemory(int sizeHint = 0) => held.GetMemory(sizeHint);

    /// <inheritdoc />
    public override Span<byte> GetSpan(int sizeHint = 0) => held.GetSpan(sizeHint);

    /// <inheritdoc />
    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return default;
    }

    /// <inheritdoc />
    public override void CancelPendingFlush()
    {
    }

    /// <inheritdoc />
    public override void Complete(Exception? exception = null)
    {
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose() => held.Dispose();
}
