namespace AspireGateway.Shared.Redis;

/// <summary>The slot of a key (Redis Cluster specification, "Key distribution model").</summary>
internal static class ClusterSlot
{
    /// <summary>How many slots there are.</summary>
    public const int Count = 16_384;

    // CRC-16/XMODEM: polynomial 0x1021, start 0.
    private static readonly ushort[] Table = MakeTable();

    /// <summary>The slot of a key, of its hash tag when it has one: what stands between the first { and the next }, unless that is nothing.</summary>
    public static int Of(ReadOnlySpan<byte> key)
    {
        var open = key.IndexOf((byte)'{');
        if (open >= 0)
        {
            var length = key[(open + 1)..].IndexOf((byte)'}');
            if (length > 0) key = key.Slice(open + 1, length);
        }
        ushort crc = 0;
        foreach (var value in key) crc = (ushort)((crc << 8) ^ Table[(crc >> 8) ^ value]);
        return crc % Count;
    }

    private static ushort[] MakeTable()
    {
        var table = new ushort[256];
        for (var i = 0; i < table.Length; i++)
        {
            var crc = i << 8;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1;
            table[i] = (ushort)crc;
        }
        return table;
    }
}
