using System.Buffers;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>A reply that is passed on as it comes, read piece by piece into one rented buffer.</summary>
internal sealed class ByteStream(Stream stream, AttemptTimer timer, TimeSpan idle) : IDisposable
{
    private const int BufferSize = 32 * 1024;

    private byte[]? buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private int length;

    /// <summary>What the last read brought.</summary>
    public ReadOnlyMemory<byte> Piece => buffer.AsMemory(0, length);

    /// <summary>
    /// Waits for the next piece; false = there is none. Throws what the stream throws when the connection breaks, and a cancellation when the provider
    /// was silent for too long.
    /// </summary>
    public async ValueTask<bool> ReadAsync()
    {
        timer.Begin(idle);
        length = await stream.ReadAsync(buffer.AsMemory(), timer.Token);
        return length > 0;
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (buffer is null) return;
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = null;
    }
}
