using System.Buffers;
using System.Runtime.InteropServices;

namespace AspireGateway.Shared.Redis;

/// <summary>Bytes that grow with memory of the shared pool and shrink again between uses.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct PooledBuffer
{
    private const int Smallest = 512;

    private byte[]? bytes;

    /// <summary>How many bytes are filled.</summary>
    public int Length { get; private set; }

    /// <summary>The filled bytes.</summary>
    public readonly ReadOnlySpan<byte> Filled => bytes.AsSpan(0, Length);

    /// <summary>The filled bytes, for a write that is awaited.</summary>
    public readonly ReadOnlyMemory<byte> Memory => bytes.AsMemory(0, Length);

    /// <summary>Room behind the filled bytes, at least as much as asked for.</summary>
    public Span<byte> Room(int size)
    {
        if (bytes is null || bytes.Length - Length < size)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Smallest, checked(Math.Max(Length + size, Length * 2))));
            Filled.CopyTo(larger);
            if (bytes is not null) ArrayPool<byte>.Shared.Return(bytes);
            bytes = larger;
        }
        return bytes.AsSpan(Length);
    }

    /// <summary>Counts bytes as filled.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> more)
    {
        more.CopyTo(Room(more.Length));
        Length += more.Length;
    }

    /// <summary>Forgets the bytes, and gives their memory back when it is more than <paramref name="keep"/>.</summary>
    public void Clear(int keep)
    {
        Length = 0;
        if (bytes?.Length > keep) Drop();
    }

    /// <summary>Gives all memory back.</summary>
    public void Drop()
    {
        Length = 0;
        if (bytes is not null) ArrayPool<byte>.Shared.Return(bytes);
        bytes = null;
    }
}
