using System.Buffers;

namespace AspireGateway.Gateway.Neutral;

/// <summary>A growing buffer from the shared pool.</summary>
internal sealed class PooledBufferWriter(int firstRent = 4096) : IBufferWriter<byte>, IDisposable
{
    private byte[]? buffer = ArrayPool<byte>.Shared.Rent(firstRent);

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>What was written; valid until more is, or until disposed.</summary>
    public ReadOnlyMemory<byte> Written => buffer.AsMemory(0, Length);

    /// <inheritdoc />
    public void Advance(int count) => Length += count;

    /// <inheritdoc />
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsMemory(Length);
    }

    /// <inheritdoc />
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return buffer.AsSpan(Length);
    }

    /// <summary>Forgets what was written.</summary>
    public void Clear() => Length = 0;

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (buffer is null) return;
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = null;
    }

    /// <summary>Leaves the buffer to the garbage collector, because somebody may still read it.</summary>
    public void Abandon() => buffer = null;

    private void Reserve(int sizeHint)
    {
        ObjectDisposedException.ThrowIf(buffer is null, this);
        var wanted = Math.Max(sizeHint, 1);
        if (buffer.Length - Length >= wanted) return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(checked(Length + wanted), (int)Math.Min(buffer.Length * 2L, Array.MaxLength)));
        buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
