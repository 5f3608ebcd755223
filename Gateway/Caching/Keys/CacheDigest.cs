using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AspireGateway.Gateway.Caching.Keys;

/// <summary>A SHA-256 of everything that makes two requests the same.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct CacheDigest(ulong A, ulong B, ulong C, ulong D)
{
    /// <summary>Bytes of a digest.</summary>
    public const int Bytes = 32;

    /// <summary>Of bytes.</summary>
    public static CacheDigest Of(ReadOnlySpan<byte> bytes)
    {
        Span<CacheDigest> digest = stackalloc CacheDigest[1];
        SHA256.HashData(bytes, MemoryMarshal.AsBytes(digest));
        return digest[0];
    }

    /// <summary>Copies its bytes.</summary>
    public void CopyTo(Span<byte> target)
    {
        ReadOnlySpan<CacheDigest> mine = [this];
        MemoryMarshal.AsBytes(mine).CopyTo(target);
    }

    /// <summary>Of 64 hexadecimal digits.</summary>
    public static bool TryParse(ReadOnlySpan<byte> hex, out CacheDigest digest)
    {
        digest = default;
        return hex.Length == 2 * Bytes && Convert.FromHexString(hex, MemoryMarshal.AsBytes(new Span<CacheDigest>(ref digest)), out _, out var written) == System.Buffers.OperationStatus.Done && written == Bytes;
    }

    /// <summary>Its 64 hexadecimal digits.</summary>
    public override string ToString()
    {
        ReadOnlySpan<CacheDigest> mine = [this];
        return Convert.ToHexStringLower(MemoryMarshal.AsBytes(mine));
    }
}
