using System.Buffers;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>A reply's body in a rented buffer.</summary>
internal sealed class PooledBody(byte[] rented, int length) : IDisposable
{
    private byte[]? rented = rented;

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => rented.AsSpan(0, length);

    /// <summary>The same, for whoever has to wait.</summary>
    public ReadOnlyMemory<byte> Memory => rented.AsMemory(0, length);

    /// <summary>
    /// Reads a stream to its end. Every read is a phase of its own, so a provider may be slow but not silent.
    /// Null when it holds more than the limit.
    /// </summary>
    public static async ValueTask<PooledBody?> ReadAsync(Stream stream, long? announced, int limit, AttemptTimer timer, TimeSpan idle)
    {
        const int Usual = 8 * 1024;
        if (announced > limit) return null;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(announced + 1 ?? Usual, 1024 * 1024));
        var length = 0;
        try
        {
            while (true)
            {
                timer.Begin(idle);
                var read = await stream.ReadAsync(buffer.AsMemory(length), timer.Token);
                length += read;
                if (read == 0 || length == announced) break;
                if (length < buffer.Length) continue;
                if (length >= limit) return null;
                var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(buffer.Length * 2L, limit));
                buffer.AsSpan(0, length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }
            var body = new PooledBody(buffer, length);
            buffer = null;
            return body;
        }
        finally
        {
            if (buffer is not null) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (rented is null) return;
        ArrayPool<byte>.Shared.Return(rented);
        rented = null;
    }
}
