using System.Buffers.Binary;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>
/// CRC-32 as in Ethernet, zip and Amazon's event streams (reflected polynomial 0xEDB88320), eight bytes at a step. Stands in for System.IO.Hashing.Crc32.
/// </summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Tables = BuildTables();

    /// <summary>The checksum of some bytes.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var tables = Tables;
        var crc = uint.MaxValue;
        while (bytes.Length >= 8)
        {
            var low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = tables[0x700 + (int)(low & 0xFF)] ^ tables[0x600 + (int)(low >> 8 & 0xFF)] ^ tables[0x500 + (int)(low >> 16 & 0xFF)] ^ tables[0x400 + (int)(low >> 24)]
                ^ tables[0x300 + (int)(high & 0xFF)] ^ tables[0x200 + (int)(high >> 8 & 0xFF)] ^ tables[0x100 + (int)(high >> 16 & 0xFF)] ^ tables[(int)(high >> 24)];
            bytes = bytes[8..];
        }
        foreach (var value in bytes) crc = crc >> 8 ^ tables[(int)((crc ^ value) & 0xFF)];
        return ~crc;
    }

    private static uint[] BuildTables()
    {
        var tables = new uint[8 * 256];
        for (var value = 0u; value < 256; value++)
        {
            var crc = value;
            for (var bit = 0; bit < 8; bit++) crc = crc >> 1 ^ ((crc & 1) == 0 ? 0 : Polynomial);
            tables[value] = crc;
        }
        // Table n tells what a byte does to the checksum when n more bytes follow it.
        for (var at = 256; at < tables.Length; at++) tables[at] = tables[at - 256] >> 8 ^ tables[(int)(tables[at - 256] & 0xFF)];
        return tables;
    }
}
