using System.Buffers;
using System.Security.Cryptography;

namespace AspireGateway.Gateway.Content;

/// <summary>A pooled copy of bytes that grows up to a bound, and only while there is room. Wiped before the pool gets it back.</summary>
internal sealed class ContentBuffer(ContentRoom room, int most) : IDisposable
{
    private const int Smallest = 4_096;

    private byte[]? rented;
    private int length;

    /// <summary>What it holds.</summary>
    public ReadOnlySpan<byte> Written => rented.AsSpan(0, length);

    /// <summary>Whether something was cut off at the bound.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>Whether there was no room; it holds nothing then.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Adds bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (IsLost || IsTruncated || bytes.IsEmpty) return;
        if (bytes.Length > most - length)
        {
            IsTruncated = true;
            bytes = bytes[..(most - length)];
            if (bytes.IsEmpty) return;
        }
        if (!TryGrow(length + bytes.Length)) return;
        bytes.CopyTo(rented.AsSpan(length));
        length += bytes.Length;
    }

    /// <summary>Forgets what it holds, which nobody wants.</summary>
    public void Clear()
    {
        if (rented is null) return;
        CryptographicOperations.ZeroMemory(rented.AsSpan(0, length));
        room.Give(rented.Length);
        ArrayPool<byte>.Shared.Return(rented);
        (rented, length) = (null, 0);
    }

    /// <inheritdoc />
    public void Dispose() => Clear();

    private bool TryGrow(int needed)
    {
        if (rented is not null && needed <= rented.Length) return true;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Smallest, Math.Max(needed, (rented?.Length ?? 0) * 2)));
        if (!room.TryTake(larger.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            Clear();
            IsLost = true;
            return false;
        }
        var kept = length;
        rented.AsSpan(0, kept).CopyTo(larger);
        Clear();
        (rented, length) = (larger, kept);
        return true;
    }
}
