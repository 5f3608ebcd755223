namespace AspireGateway.Gateway.Guardrails.Media.Location;

/// <summary>The checksum of a PNG chunk (ISO 3309, W3C PNG annex D). Stands in for System.IO.Hashing's Crc32, which cannot be restored here.</summary>
internal static class PngChecksum
{
    private const uint Polynomial = 0xEDB88320;

    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Row)];

    /// <summary>Of a chunk's name and data.</summary>
    public static uint Of(ReadOnlySpan<byte> data)
    {
        var sum = uint.MaxValue;
        foreach (var value in data) sum = Table[(byte)(sum ^ value)] ^ (sum >> 8);
        return ~sum;
    }

    private static uint Row(int value)
    {
        var row = (uint)value;
        for (var bit = 0; bit < 8; bit++) row = (row & 1) == 0 ? row >> 1 : Polynomial ^ (row >> 1);
        return row;
    }
}
