using System.Buffers.Binary;

namespace AspireGateway.Gateway.Ingress.Multipart;

/// <summary>How long a recording is, for the books of requests whose reply does not say.</summary>
internal static class AudioLength
{
    // 128 kbit/s, what compressed recordings commonly have.
    private const int UsualBytesPerMillisecond = 16;
    private const int WaveHeader = 44, ByteRateAt = 28;

    /// <summary>Its length in milliseconds: of WAVE files by their header, of others by their size; at least 1.</summary>
    public static long Estimate(ReadOnlySpan<byte> file)
    {
        if (file.Length > WaveHeader && file.StartsWith("RIFF"u8) && file[8..].StartsWith("WAVEfmt "u8)
            && BinaryPrimitives.ReadUInt32LittleEndian(file[ByteRateAt..]) is > 0 and var bytesPerSecond)
            return Math.Max(1, (file.Length - WaveHeader) * 1000L / bytesPerSecond);
        return Math.Max(1, file.Length / UsualBytesPerMillisecond);
    }
}
