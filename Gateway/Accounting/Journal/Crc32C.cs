using System.Numerics;
using System.Runtime.InteropServices;

namespace AspireGateway.Gateway.Accounting.Journal;

/// <summary>CRC-32C (Castagnoli, RFC 3720 appendix B.4) by the processor's own instruction. Stands in for System.IO.Hashing.Crc32C.</summary>
internal static class Crc32C
{
    /// <summary>The state before the first byte.</summary>
    public const uint Start = 0xFFFFFFFF;

    /// <summary>Takes eight bytes in.</summary>
    public static uint Append(uint state, ulong word) => BitOperations.Crc32C(state, word);

    /// <summary>Takes bytes in.</summary>
    public static uint Append(uint state, ReadOnlySpan<byte> bytes)
    {
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes)) state = BitOperations.Crc32C(state, word);
        for (var i = bytes.Length & ~7; i < bytes.Length; i++) state = BitOperations.Crc32C(state, bytes[i]);
        return state;
    }

    /// <summary>The checksum of everything taken in.</summary>
    public static uint End(uint state) => ~state;
}
