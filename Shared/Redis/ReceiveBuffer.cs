using System.Buffers;

namespace AspireGateway.Shared.Redis;

/// <summary>What was received and not yet delivered. Grows while a reply is longer than it, and shrinks when it is empty.</summary>
internal sealed class ReceiveBuffer : IDisposable
{
    private const int Usual = 64 * 1024;

    private byte[] bytes = ArrayPool<byte>.Shared.Rent(Usual);
    private int start, end;

    /// <summary>Bytes received and not consumed.</summary>
    public ReadOnlySpan<byte> Filled => bytes.AsSpan(start, end - start);

    /// <summary>Where the next bytes go.</summary>
    public Memory<byte> Room => bytes.AsMemory(end);

    /// <summary>Sees to it that <see cref="Room"/> is not empty.</summary>
    /// <returns>False when one reply fills more than <see cref="RespHeader.MaxReply"/>.</returns>
    public bool TryMakeRoom()
    {
        var filled = end - start;
        if (filled == 0)
        {
            start = end = 0;
            if (bytes.Length > Usual) MoveTo(Usual);
            return true;
        }
        if (end < bytes.Length) return true;
        if (filled > RespHeader.MaxReply) return false;
        // A remainder that fits twice is moved to the front; a longer one wants more room.
        if (filled <= bytes.Length / 2)
        {
            Filled.CopyTo(bytes);
            start = 0;
            end = filled;
        }
        else
        {
            MoveTo(bytes.Length * 2);
        }
        return true;
    }

    /// <summary>Counts bytes as received.</summary>
    public void Advance(int count) => end += count;

    /// <summary>Forgets bytes that were delivered.</summary>
    public void Consume(int count) => start += count;

    /// <inheritdoc />
    public void Dispose() => ArrayPool<byte>.Shared.Return(bytes);

    private void MoveTo(int size)
    {
        var other = ArrayPool<byte>.Shared.Rent(size);
        Filled.CopyTo(other);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = other;
        end -= start;
        start = 0;
    }
}
